"""The verbs of this room, by family: accounts, passwords, codes, roles, invitations, tokens."""

from huilian.accounts.services.codes import check_code, send_code
from huilian.accounts.services.invitations import (
    accept_invitation,
    invite,
    receive_opening,
    revoke_invitation,
)
from huilian.accounts.services.moving import move_in
from huilian.accounts.services.opening import close_account, open_account, set_language
from huilian.accounts.services.passwords import change_password, reset_password, set_password
from huilian.accounts.services.renaming import ask_new_contact, change_contact, prove_new_contact
from huilian.accounts.services.roles import end_role, entrust_code, grant_role, withdraw_code
from huilian.accounts.services.signing_in import authenticate
from huilian.accounts.services.tidying import forget_spent
from huilian.accounts.services.tokens import mint_token, revoke_token, user_of_token

__all__ = [
    "accept_invitation",
    "ask_new_contact",
    "authenticate",
    "change_contact",
    "change_password",
    "check_code",
    "close_account",
    "end_role",
    "entrust_code",
    "forget_spent",
    "grant_role",
    "invite",
    "mint_token",
    "move_in",
    "open_account",
    "prove_new_contact",
    "receive_opening",
    "reset_password",
    "revoke_invitation",
    "revoke_token",
    "send_code",
    "set_language",
    "set_password",
    "user_of_token",
    "withdraw_code",
]
