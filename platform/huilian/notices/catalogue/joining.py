"""Letters to an applicant, from the acknowledgement to the welcome or the end."""

from datetime import date

from huilian.notices.catalogue.event import Event, Letter

_APPLICATION = {"name": "李明", "reference": "101-2026-000123", "category": "高级会员"}
_NEEDED = frozenset({"name", "reference", "category"})

ACKNOWLEDGED = Event(
    name="application.acknowledged",
    needs=_NEEDED,
    may_have=frozenset({"due_on"}),
    example={**_APPLICATION, "due_on": date(2026, 3, 9)},
    zh=Letter(
        subject="【{society}】已收到您的入会申请（{reference}）",
        email="""尊敬的{name}：

您好！感谢您申请加入{society}。您的入会申请已收到，现将申请信息告知如下：

申请编号：{reference}
申请类别：{category}
下一步预计完成日期：{due_on}

请保存好申请编号。您可随时登录会员系统，查询办理进度和下一步事项：

{link}

每一步办理完成后，我们会及时通知您。""",
        sms="""{name}您好，您的{category}入会申请已收到，申请编号 {reference}。
下一步预计于{due_on}前办理完成。
查询进度：{link} 。""",
    ),
    en=Letter(
        subject="We have received your application {reference} – {society}",
        email="""Dear {name},

Thank you for applying to join the {society}. We have received your application:

Reference: {reference}
Category: {category}
Next step expected by: {due_on}

Please keep the reference. You can sign in at any time to see how your application is progressing and what \
comes next:

{link}

We will write to you after each step.""",
        sms="""Dear {name}, we have received your application for {category}, reference {reference}.
The next step is expected by {due_on}.
See its progress: {link}""",
    ),
)

APPROVED = Event(
    name="application.approved",
    needs=_NEEDED,
    example=_APPLICATION,
    zh=Letter(
        subject="【{society}】您的入会申请已审核通过（{reference}）",
        email="""尊敬的{name}：

您好！我们高兴地通知您，您的入会申请已审核通过。

申请编号：{reference}
申请类别：{category}

如需缴纳会费或补充资料，我们将另行通知。您可登录会员系统，查询下一步事项：

{link}

感谢您对我会的信任与支持。""",
        sms="""{name}您好，您的{category}入会申请（{reference}）已审核通过。
下一步事项请登录查询：{link} 。""",
    ),
    en=Letter(
        subject="Your application {reference} has been approved – {society}",
        email="""Dear {name},

We are pleased to tell you that your application has been approved.

Reference: {reference}
Category: {category}

If dues are to be paid or anything else is needed, we will write to you separately. You can sign in to see \
what comes next:

{link}

Thank you for your trust and support.""",
        sms="""Dear {name}, your application {reference} for {category} has been approved.
See what comes next: {link}""",
    ),
)

REFUSED = Event(
    name="application.refused",
    needs=_NEEDED | {"reasons"},
    may_have=frozenset({"reapply_on"}),
    example={
        **_APPLICATION,
        "reasons": "所附材料未能证明具有高级职称或博士学位。",
        "reapply_on": date(2026, 9, 1),
    },
    zh=Letter(
        subject="【{society}】关于您的入会申请的审核结果（{reference}）",
        email="""尊敬的{name}：

您好！感谢您对{society}的关注与支持。经认真审核，我们很遗憾地通知您，\
您此次提交的{category}入会申请（编号 {reference}）未能通过。

理由如下：

{reasons}

您可自 {reapply_on} 起重新提出申请。

如对审核结果有疑问，或需要说明情况，欢迎与我会联系。您也可登录会员系统，查看本次审核记录：

{link}

期待您今后继续关注和参与我会的活动。""",
        sms="""{name}您好，很遗憾，您的{category}入会申请（{reference}）此次未能通过审核。
您可自 {reapply_on} 起重新申请。
审核理由请登录查看：{link} 。""",
    ),
    en=Letter(
        subject="The decision on your application {reference} – {society}",
        email="""Dear {name},

Thank you for your interest in the {society}. After careful review we regret to tell you that your application \
for {category}, reference {reference}, has not been accepted.

The reasons are:

{reasons}

You may apply again from {reapply_on}.

If you have questions about this decision, or wish to explain your circumstances, please contact us. You \
can also sign in to read the record of this review:

{link}

We hope that you will continue to take part in our activities.""",
        sms="""Dear {name}, we regret that your application {reference} for {category} has not been accepted.
You may apply again from {reapply_on}.
Read the reasons: {link}""",
    ),
)

EXPIRED = Event(
    name="application.expired",
    needs=_NEEDED,
    may_have=frozenset({"due_on"}),
    example={**_APPLICATION, "due_on": date(2026, 3, 9)},
    zh=Letter(
        subject="【{society}】您的入会申请已失效（{reference}）",
        email="""尊敬的{name}：

您好！您的{category}入会申请（编号 {reference}）已审核通过，但我们未能在规定期限内收到会费，该申请现已失效。

缴费期限：{due_on}

如您仍希望加入，欢迎重新提出申请：

{link}

如您已经缴费，请保留凭证并与我会联系，我们将尽快核实。""",
        sms="""{name}您好，因未在规定期限内收到会费，您的{category}入会申请（{reference}）已失效。
如已缴费，请保留凭证并与我会联系。
重新申请：{link} 。""",
    ),
    en=Letter(
        subject="Your application {reference} has expired – {society}",
        email="""Dear {name},

Your application for {category}, reference {reference}, had been approved, but the dues did not reach us in \
time. The application has therefore expired.

Dues were payable by: {due_on}

If you still wish to join, you are welcome to apply again:

{link}

If you have already paid, please keep the proof of payment and contact us; we will look into it without \
delay.""",
        sms="""Dear {name}, your application {reference} for {category} has expired because the dues did \
not reach us in time.
If you have paid, keep the proof and contact us.
Apply again: {link}""",
    ),
)

WITHDRAWN = Event(
    name="application.withdrawn",
    needs=_NEEDED,
    example=_APPLICATION,
    zh=Letter(
        subject="【{society}】您的入会申请已撤回（{reference}）",
        email="""尊敬的{name}：

您好！按照您的要求，以下入会申请已撤回，我们不再继续办理：

申请编号：{reference}
申请类别：{category}

如非您本人操作，请尽快与我会联系。今后您仍可随时重新提出申请：

{link}

感谢您的关注，期待与您再次相遇。""",
        sms="""{name}您好，您的{category}入会申请（{reference}）已按您的要求撤回。
如非本人操作，请尽快与我会联系。""",
    ),
    en=Letter(
        subject="Your application {reference} has been withdrawn – {society}",
        email="""Dear {name},

As you asked, the following application has been withdrawn and will not be processed further:

Reference: {reference}
Category: {category}

If you did not ask for this, please contact us as soon as possible. You are welcome to apply again at any \
time:

{link}

Thank you for your interest.""",
        sms="""Dear {name}, your application {reference} for {category} has been withdrawn as you asked.
If this was not you, please contact us.""",
    ),
)

WELCOME = Event(
    name="membership.welcome",
    needs=frozenset({"name", "number", "category", "from_on"}),
    may_have=frozenset({"to_on"}),
    example={
        "name": "李明",
        "number": "1010000123S",
        "category": "高级会员",
        "from_on": date(2026, 3, 2),
        "to_on": date(2027, 3, 2),
    },
    zh=Letter(
        subject="欢迎您成为{society}会员（会员号 {number}）",
        email="""尊敬的{name}：

您好！欢迎您加入{society}，成为我会{category}。您的会员信息如下：

会员号：{number}
会员类别：{category}
会籍起始：{from_on}
会籍到期：{to_on}

会员号终身有效，请妥善保存。登录会员系统，即可查看电子会员卡、个人推荐码和会员权益：

{link}

期待与您一道，为行业与学术的发展贡献力量。""",
        sms="""{name}您好，欢迎您成为我会{category}，会员号 {number}。
会籍有效期至 {to_on}。
电子会员卡请登录查看：{link} 。""",
    ),
    en=Letter(
        subject="Welcome to the {society} – your member number is {number}",
        email="""Dear {name},

Welcome to the {society}. We are glad to have you as {category}. Your membership:

Member number: {number}
Category: {category}
From: {from_on}
Until: {to_on}

The number is yours for life; please keep it. Sign in to see your member card, your own referral code and \
your benefits:

{link}

We look forward to working with you for the profession and its science.""",
        sms="""Dear {name}, welcome as {category}. Your member number is {number}.
Your membership runs until {to_on}.
Your member card: {link}""",
    ),
)
