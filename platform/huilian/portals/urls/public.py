"""Addresses of visitors, applicants and members: the same at headquarters and in every society."""

from django.urls import URLPattern, URLResolver, path
from django.views.i18n import set_language

from huilian.portals.views import (
    applying,
    codes,
    components,
    home,
    invitations,
    joining,
    my,
    own_code,
    papers,
    paying,
    portrait,
    profile,
    renaming,
    resetting,
    signing_in,
)

urlpatterns: list[URLPattern | URLResolver] = [
    # What membership offers, and the choice of category and channel.
    path("", home.home, name="home"),
    path("join/", joining.join, name="join"),
    # A referral code, scanned or typed: fixes the channel.
    path("r/", codes.typed_code, name="typed_code"),
    path("r/<str:text>/", codes.referral_code, name="referral_code"),
    # The one-page form: shown and sent with a ticket, or for a draft begun in this browser.
    path("apply/", applying.apply, name="apply"),
    path("apply/code/", applying.send_contact_code, name="apply_code"),
    path("apply/<uuid:pk>/", applying.draft, name="apply_draft"),
    path("apply/done/<uuid:pk>/", applying.done, name="apply_done"),
    # Signing in: sealed at headquarters, opened at the home society.
    path("sign-in/", signing_in.sign_in, name="sign_in"),
    path("sign-in/sealed/", signing_in.sealed, name="sign_in_sealed"),
    path("sign-in/reset/", resetting.reset_password, name="reset_password"),
    path("sign-out/", signing_in.sign_out, name="sign_out"),
    path("invitation/<str:secret>/", invitations.accept, name="invitation"),
    # The member's own pages.
    path("my/", my.my, name="my"),
    path("my/application/<uuid:pk>/withdraw/", my.withdraw, name="my_withdraw"),
    path("my/profile/", profile.profile, name="my_profile"),
    path("my/consent/<str:purpose>/", profile.consent, name="my_consent"),
    path("my/password/", profile.password, name="my_password"),
    path("my/contact/", renaming.change_contact, name="my_contact"),
    path("my/portrait/", portrait.portrait, name="my_portrait"),
    path("my/portrait/remove/", portrait.remove, name="my_portrait_remove"),
    path("my/portrait.jpg", portrait.own_portrait, name="my_portrait_file"),
    path("my/code.<str:kind>", own_code.own_code, name="my_code"),
    # The way to the cashier of the legal person that is owed.
    path("pay/<uuid:pk>/", paying.pay, name="pay"),
    # Uploads, to their owner, to staff, and to an officer of headquarters with a ticket.
    path("papers/", papers.paper_by_ticket, name="paper_by_ticket"),
    path("papers/<uuid:pk>/", papers.paper, name="paper"),
    path("language/", set_language, name="set_language"),
    path("components/", components.components, name="components"),
]
