"""Letters about money: please pay, received, not accepted."""

from datetime import date

from huilian.notices.catalogue.event import Event, Letter
from kit.money import Money

PLEASE_PAY = Event(
    name="dues.please_pay",
    needs=frozenset({"name", "category", "amount"}),
    may_have=frozenset({"reference", "bill_number", "due_on"}),
    example={
        "name": "李明",
        "category": "高级会员",
        "amount": Money(10_000),
        "reference": "101-2026-000123",
        "bill_number": "2026-000087",
        "due_on": date(2026, 3, 31),
    },
    zh=Letter(
        subject="【{society}】请缴纳会费 {amount}",
        email="""尊敬的{name}：

您好！您的{category}入会申请已进入缴费环节，请按下列信息缴纳会费：

申请编号：{reference}
缴费单号：{bill_number}
会费金额：{amount}
缴费期限：{due_on}

请登录会员系统查看缴费方式；银行转账后，请在同一页面上传转账凭证：

{link}

会费到账并经核对后，我们将及时通知您。如您已缴费，请忽略本邮件。""",
        sms="""{name}您好，请缴纳{category}会费 {amount}。
缴费期限：{due_on}。
缴费及上传凭证：{link} 。
如已缴费，请忽略。""",
    ),
    en=Letter(
        subject="Please pay your dues of {amount} – {society}",
        email="""Dear {name},

Your application for {category} has reached the payment step. Please pay the dues as follows:

Reference: {reference}
Bill number: {bill_number}
Amount: {amount}
Payable by: {due_on}

Sign in to see how to pay. After a bank transfer, please upload the proof of transfer on the same page:

{link}

We will write to you once the payment has been checked. If you have already paid, please ignore this \
message.""",
        sms="""Dear {name}, please pay your dues of {amount} for {category}.
Payable by {due_on}.
Pay or upload the proof of transfer: {link}
If you have paid, please ignore this.""",
    ),
)

RECEIVED = Event(
    name="payment.received",
    needs=frozenset({"name", "amount"}),
    may_have=frozenset({"reference", "bill_number", "years"}),
    example={
        "name": "李明",
        "amount": Money(30_000),
        "reference": "101-2026-000123",
        "bill_number": "2026-000087",
        "years": 3,
    },
    zh=Letter(
        subject="【{society}】已收到您的会费 {amount}",
        email="""尊敬的{name}：

您好！您缴纳的会费已到账并核对无误：

申请编号：{reference}
缴费单号：{bill_number}
会费金额：{amount}
缴费年数：{years} 年

后续事项将及时通知您，您也可登录会员系统查询：

{link}

感谢您的支持。""",
        sms="""{name}您好，您缴纳的会费 {amount} 已到账并核对无误。
详情请登录查询：{link} 。""",
    ),
    en=Letter(
        subject="We have received your dues of {amount} – {society}",
        email="""Dear {name},

Your payment has arrived and been checked:

Reference: {reference}
Bill number: {bill_number}
Amount: {amount}
Years paid: {years}

We will keep you informed of what comes next. You can also sign in to see it:

{link}

Thank you for your support.""",
        sms="""Dear {name}, your dues of {amount} have arrived and been checked.
Details: {link}""",
    ),
)

REJECTED = Event(
    name="payment.rejected",
    needs=frozenset({"name", "amount", "reason"}),
    may_have=frozenset({"reference", "bill_number", "due_on"}),
    example={
        "name": "李明",
        "amount": Money(10_000),
        "reason": "凭证上的付款人与申请人不一致。",
        "reference": "101-2026-000123",
        "bill_number": "2026-000087",
        "due_on": date(2026, 3, 31),
    },
    zh=Letter(
        subject="【{society}】您的缴费凭证需要重新提交",
        email="""尊敬的{name}：

您好！您提交的会费转账凭证未能通过核对：

申请编号：{reference}
缴费单号：{bill_number}
会费金额：{amount}
缴费期限：{due_on}

原因：{reason}

请核对后，登录会员系统重新提交凭证：

{link}

如有疑问，请保留转账记录并与我会联系。给您带来不便，敬请谅解。""",
        sms="""{name}您好，您提交的会费 {amount} 转账凭证未能通过核对。
原因及重新提交：{link} 。
如有疑问，请保留转账记录并与我会联系。""",
    ),
    en=Letter(
        subject="Please send your proof of payment again – {society}",
        email="""Dear {name},

We could not accept the proof of transfer that you sent:

Reference: {reference}
Bill number: {bill_number}
Amount: {amount}
Payable by: {due_on}

Reason: {reason}

Please check it, then sign in and send the proof again:

{link}

If you have questions, please keep the record of the transfer and contact us. We apologise for the \
inconvenience.""",
        sms="""Dear {name}, we could not accept your proof of transfer for dues of {amount}.
See why and send it again: {link}
Questions? Keep the record of the transfer and contact us.""",
    ),
)
