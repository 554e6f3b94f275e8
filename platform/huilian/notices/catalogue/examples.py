"""The facts of a letter's example, in the words of its language."""

from huilian.notices.catalogue.event import Event, is_english

_ENGLISH = {
    "李明": "Li Ming",
    "王立新": "Wang Lixin",
    "会员管理员": "Registrar",
    "高级会员": "Senior member",
    "所附材料未能证明具有高级职称或博士学位。": "The papers attached show neither a senior title nor a doctorate.",
    "凭证上的付款人与申请人不一致。": "The payer on the voucher is not the applicant.",
}


def example_of(event: Event, language: str) -> dict[str, object]:
    """The example with which a letter is shown before anybody receives it."""
    facts = dict(event.example)
    if is_english(language):
        facts = {name: _ENGLISH.get(fact, fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    return facts
