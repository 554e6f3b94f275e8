"""The letter to members whose society brought them along from its old list."""

from datetime import date

from huilian.notices.catalogue.event import Event, Letter

TAKEN_OVER = Event(
    name="membership.taken_over",
    needs=frozenset({"name", "number", "category"}),
    may_have=frozenset({"to_on"}),
    example={
        "name": "李明",
        "number": "1010000123S",
        "category": "高级会员",
        "to_on": date(2027, 3, 2),
        "link": "https://welding.example.org/reset/",
    },
    zh=Letter(
        subject="{society}会员系统已启用，请设置登录密码",
        email="""尊敬的{name}：

您好！{society}已启用新的会员系统，您的会籍已转入，信息如下：

会员号：{number}
会员类别：{category}
会籍到期：{to_on}

请打开以下页面，凭接收本信的邮箱或您登记的手机获取验证码，设置登录密码：

{link}

登录后请核对您的信息。如您认为收到本信有误，请告知我会。""",
        sms="""{name}您好，您的会籍已转入我会新会员系统，会员号 {number}。
会籍有效期至 {to_on}。
请凭本手机号获取验证码，设置登录密码：{link} 。""",
    ),
    en=Letter(
        subject="Set your password for the new membership service of the {society}",
        email="""Dear {name},

{society} has a new membership service, and your membership has been moved into it:

Member number: {number}
Category: {category}
Until: {to_on}

Please open this page and set your password. A code that proves who you are is sent to this e-mail address, or to \
the phone number that we have of you:

{link}

Once you have signed in, please check what we know of you. If you believe that you received this letter by \
mistake, please let us know.""",
        sms="""Dear {name}, your membership is now in our new service; your number is {number}.
Your membership runs until {to_on}.
Set your password by a code sent to this phone: {link}""",
    ),
)
