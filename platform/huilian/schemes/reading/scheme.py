"""From a scheme file to the document: which key stands where, and what each must look like."""

from typing import Literal, get_args

from huilian.schemes import parts
from huilian.schemes.document import NumberPattern, Scheme
from huilian.schemes.problems import gettext_noop as _
from huilian.schemes.reading.category import read_category
from huilian.schemes.reading.node import CODE, Node
from kit.money import MINOR_DIGITS


def read_scheme(root: Node) -> Scheme:
    """Read the whole file; problems are collected in `root.problems`."""
    currency = root["currency"].one_of(tuple(MINOR_DIGITS))
    scheme = Scheme(
        key=_key(root["key"]),
        version=root["version"].whole(_("expected a whole number"), least=1, most=1_000_000),
        name=root["name"].text(),
        effective_on=root["effective_on"].day(),
        currency=currency,
        calendar=root["calendar"].one_of(get_args(parts.Calendar)),
        member_number=_pattern(root["member_number"]),
        headquarters_name=root["headquarters_name"].text(),
        office=_office(root["office"]),
        wording=_wording(root["wording"]),
        channels=tuple(_channel(kind, node) for kind, node in root["channels"].entries(_("expected the channels"))),
        categories=tuple(
            read_category(code, node, currency)
            for code, node in root["categories"].entries(_("expected the categories of members, each by its code"))
        ),
        benefits=tuple(
            _benefit(code, node)
            for code, node in root["benefits"].entries(_("expected the benefits, each by its code"))
        ),
        reminder_days=tuple(
            item.whole(_("expected a whole number of days before the end of the term"), least=1, most=366)
            for item in root["reminder_days"].items(_("expected a list of days before the end of the term"))
        ),
        interests_max=root["interests_max"].whole(_("expected a whole number"), most=50)
        if root["interests_max"].given
        else 0,
        enquiry_days=root["enquiry_days"].whole_or_none(_("expected a whole number of working days"), least=1),
        receipt_name=root["receipt_name"].text_or_none(),
        remittance=_remittance(root["remittance"]) if root["remittance"].given else None,
        referrals=_referrals(root["referrals"]) if root["referrals"].given else parts.ReferralRules(),
    )
    root.close(_("expected a scheme"))
    return scheme


def _key(node: Node) -> str:
    key = node.line(_("expected the code of the federation"))
    if key and not CODE.fullmatch(key):
        node.report(_("a code is small letters, digits and _, beginning with a letter"))
    return key


def _pattern(node: Node) -> NumberPattern:
    pattern = NumberPattern(node.line(_('expected a pattern such as "{society:3}{serial:7}{grade}"')))
    problem = pattern.problem() if pattern.template else None
    if problem:
        sentence, facts = problem
        node.report(sentence, **facts)
    return pattern


def _office(node: Node) -> parts.Office:
    office = parts.Office(
        zone=node["zone"].line(_("expected a time zone such as Asia/Shanghai")),
        email=node["email"].line(_("expected an e-mail address")),
        recipient=node["recipient"].text_or_none(),
        address=node["address"].text_or_none(),
        hours=node["hours"].text_or_none(),
        phone=_optional_line(node["phone"], _("expected a telephone number")),
        website=_optional_line(node["website"], _("expected the address of the website")),
        wechat=_optional_line(node["wechat"], _("expected the name of the WeChat account")),
    )
    node.close(_("expected how headquarters is reached: zone, email …"))
    return office


def _wording(node: Node) -> parts.Wording:
    wording = parts.Wording(
        about=node["about"].text(),
        truthfulness=node["truthfulness"].text(),
        confidentiality=node["confidentiality"].text_or_none(),
        fees=node["fees"].text_or_none(),
        receipts=node["receipts"].text_or_none(),
        recommending=node["recommending"].text_or_none(),
        enquiries=node["enquiries"].text_or_none(),
    )
    node.close(_("expected the federation's own sentences: about, truthfulness …"))
    return wording


def _channel(kind: str, node: Node) -> parts.Channel:
    kinds = get_args(parts.ChannelKind)
    if kind not in kinds:
        node.report(_("there is no such channel; the channels are %(kinds)s"), kinds=", ".join(kinds))
    channel = parts.Channel(
        kind=kind if kind in kinds else kinds[0],  # type: ignore[arg-type]  # checked one line above
        name=node["name"].text(),
        hint=node["hint"].text(),
    )
    node.close(_("expected a channel: name and hint"))
    return channel


def _benefit(code: str, node: Node) -> parts.Benefit:
    grants = {
        category: _grant(row)
        for category, row in node["grants"].entries(_("expected yes, no or a condition per category"))
    }
    benefit = parts.Benefit(code, node["name"].text(), grants)
    node.close(_("expected a benefit: name and grants"))
    return benefit


def _grant(node: Node) -> parts.Grant:
    """Yes, no, or a text: included, on that condition."""
    if isinstance(node.value, bool):
        return parts.Grant(included=node.value)
    if isinstance(node.value, dict):
        return parts.Grant(included=True, condition=node.text())
    node.expect(_("expected yes, no or a condition as {zh: …, en: …}"))
    return parts.Grant(included=False)


def _remittance(node: Node) -> parts.RemittanceAccount:
    account = parts.RemittanceAccount(
        payee=node["payee"].text(),
        bank=node["bank"].text(),
        account_number=node["account_number"].line(_("expected the number of the bank account, in quotes")),
        note=node["note"].text(),
    )
    node.close(_("expected a bank account: payee, bank, account_number, note"))
    return account


def _referrals(node: Node) -> parts.ReferralRules:
    plain = parts.ReferralRules()
    rank: Literal["not_lower", "any"] = plain.rank
    belongs_to: Literal["recommender", "headquarters"] = plain.belongs_to
    if node["rank"].given:
        rank = node["rank"].one_of(("not_lower", "any"))
    if node["belongs_to"].given:
        belongs_to = node["belongs_to"].one_of(("recommender", "headquarters"))
    rules = parts.ReferralRules(
        in_standing=node["in_standing"].yes(otherwise=plain.in_standing), rank=rank, belongs_to=belongs_to
    )
    node.close(_("expected the rules of recommending: in_standing, rank, belongs_to"))
    return rules


def _optional_line(node: Node, what: str) -> str:
    return node.line(what) if node.given else ""
