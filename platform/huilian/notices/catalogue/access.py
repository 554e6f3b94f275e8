"""Letters that prove who someone is, or let someone in."""

from datetime import UTC, date, datetime, timedelta

from huilian.notices.catalogue.event import Event, Letter

CODE_SENT = Event(
    name="code.sent",
    needs=frozenset({"code", "minutes"}),
    must_say=frozenset({"code"}),
    secret=True,
    stale_after=timedelta(minutes=10),
    example={"code": "493027", "minutes": 10},
    zh=Letter(
        subject="【{society}】您的验证码",
        email="""您好：

您正在{society}会员系统办理业务，本次验证码为：

{code}

验证码 {minutes} 分钟内有效，仅可使用一次。我会工作人员不会以任何方式向您索取验证码，请勿告知他人。

如非您本人操作，请忽略本邮件，您的账户不会因此发生任何变化。""",
        sms="""验证码 {code}，{minutes} 分钟内有效，仅可使用一次。
请勿告知他人，工作人员不会向您索取。
如非本人操作，请忽略本短信。""",
    ),
    en=Letter(
        subject="Your verification code – {society}",
        email="""Hello,

You are using the membership service of the {society}. Your verification code is:

{code}

It is valid for {minutes} minutes and can be used once. Our staff will never ask you for this code; please \
do not share it with anyone.

If you did not ask for it, you can ignore this message. Nothing in your account has changed.""",
        sms="""Your code is {code}, valid for {minutes} minutes, for one use.
Do not share it; our staff will never ask for it.
Not you? Ignore this message.""",
    ),
)

ACCOUNT_INVITED = Event(
    name="account.invited",
    needs=frozenset({"name", "role", "expires_on"}),
    must_say=frozenset({"link"}),
    secret=True,
    stale_after=timedelta(days=7),
    example={
        "name": "王立新",
        "role": "会员管理员",
        "link": "https://welding.example.org/invitation/…/",
        "expires_on": date(2026, 3, 9),
    },
    zh=Letter(
        subject="邀请您担任{society}会员系统“{role}”",
        email="""尊敬的{name}：

您好！{society}诚邀您在会员系统中担任“{role}”。请通过以下链接接受邀请，并设置登录密码：

{link}

该链接于 {expires_on} 前有效，仅供您本人使用一次，请勿转发。

如您认为此邀请有误，请忽略本邮件，并告知我会。""",
        sms="""{name}您好，诚邀您在会员系统中担任“{role}”。
请于 {expires_on} 前打开链接接受邀请：{link} 。
链接仅供本人使用一次，请勿转发。""",
    ),
    en=Letter(
        subject="Invitation to serve as {role} – {society}",
        email="""Dear {name},

{society} invites you to serve as {role} in its membership service. Please accept the invitation and set \
your password here:

{link}

The link is valid until {expires_on}, works once and is meant for you alone; please do not forward it.

If you believe that you received this invitation by mistake, please ignore it and let us know.""",
        sms="""Dear {name}, you are invited to serve as {role} in our membership service.
Accept by {expires_on}: {link}
The link works once; please do not forward it.""",
    ),
)

CONTACT_CHANGED = Event(
    name="account.contact_changed",
    needs=frozenset({"name", "contact", "changed_at"}),
    must_say=frozenset({"contact"}),
    example={"name": "李明", "contact": "+86138****0000", "changed_at": datetime(2026, 3, 2, 1, 30, tzinfo=UTC)},
    zh=Letter(
        subject="【{society}】您的登录方式已变更",
        email="""尊敬的{name}：

您好！您在{society}会员系统的登录方式已变更，现告知如下：

新的手机号码或邮箱：{contact}
变更时间：{changed_at}

今后请使用新的手机号码或邮箱登录，我会的通知也将发送至该处。

如非您本人操作，请立即与我会联系，并登录会员系统修改密码：

{link}""",
        sms="""{name}您好，您的会员系统登录方式已于 {changed_at} 变更为 {contact}。
如非本人操作，请立即与我会联系。""",
    ),
    en=Letter(
        subject="Your sign-in contact has changed – {society}",
        email="""Dear {name},

The phone or e-mail by which you sign in to the membership service of the {society} has changed:

New phone or e-mail: {contact}
Changed at: {changed_at}

Please sign in by the new one from now on; we will also write to you there.

If it was not you who changed it, please contact us without delay, and change your password:

{link}""",
        sms="""Dear {name}, your sign-in contact was changed to {contact} at {changed_at}.
Not you? Contact us without delay.""",
    ),
)
