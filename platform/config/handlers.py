"""Every message that crosses a border and what is done about it, and every aggregate that is reconciled."""

from federation.reactions import Party, Reaction
from federation.statements import Aggregate

HEADQUARTERS, PAYEE = Party.HEADQUARTERS, Party.PAYEE

# message → function, who may send it, who may receive it; resolved when first needed
HANDLERS: dict[str, Reaction] = {
    # headquarters to a society
    "society.opened": Reaction("huilian.accounts.services.receive_opening", sender=HEADQUARTERS),
    "scheme.published": Reaction("huilian.schemes.services.receive_scheme", sender=HEADQUARTERS),
    "verdict.given": Reaction("huilian.applications.services.receive_verdict", sender=HEADQUARTERS),
    # a society to its payee, and back
    "dues.requested": Reaction("huilian.billing.services.open_bill", receiver=PAYEE),
    "dues.withdrawn": Reaction("huilian.billing.services.withdraw_dues", receiver=PAYEE),
    "bill.reported": Reaction("huilian.applications.services.receive_bill", sender=PAYEE),
    # a society to headquarters
    "case.requested": Reaction("federation.ledger.receiving.receive_case", receiver=HEADQUARTERS),
    "case.closed": Reaction("federation.ledger.receiving.receive_case_closed", receiver=HEADQUARTERS),
    "application.reported": Reaction("federation.ledger.receiving.receive_application", receiver=HEADQUARTERS),
    "member.reported": Reaction("federation.ledger.receiving.receive_member", receiver=HEADQUARTERS),
    "fee.reported": Reaction("federation.ledger.receiving.receive_fee", sender=PAYEE, receiver=HEADQUARTERS),
    "account.opened": Reaction("federation.ledger.receiving.receive_account", receiver=HEADQUARTERS),
    "account.renamed": Reaction("federation.ledger.receiving.receive_account_renamed", receiver=HEADQUARTERS),
    # reconciliation
    "statement.requested": Reaction("federation.statements.give_statement", sender=HEADQUARTERS),
    "statement.given": Reaction("federation.ledger.reconciling.receive_statement", receiver=HEADQUARTERS),
    "replay.requested": Reaction("federation.statements.replay_rows", sender=HEADQUARTERS),
    "rows.gone": Reaction("federation.ledger.receiving.receive_rows_gone", receiver=HEADQUARTERS),
}

# aggregate → the rows a society reports, and how it reports some of them again
AGGREGATES: dict[str, Aggregate] = {
    "members": Aggregate("huilian.members.queries.statement_rows", "huilian.members.services.replay"),
    "applications": Aggregate("huilian.applications.queries.reported_rows", "huilian.applications.services.replay"),
    "fees": Aggregate("huilian.billing.queries.statement_rows", "huilian.billing.services.replay"),
}
