"""A member's own QR code as a file, to print or to send on."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from huilian.accounts.models import User
from huilian.members.queries import member_of_user
from huilian.portals.access import signed_in
from referrals.qr import qr_png, qr_svg
from referrals.queries import link_of, live_code_of


@require_safe
@signed_in
def own_code(request: HttpRequest, user: User, kind: str) -> HttpResponse:
    """The code as SVG or PNG; nobody else's can be asked for."""
    member = member_of_user(user.pk)
    code = live_code_of(member.pk) if member else None
    if code is None or kind not in ("svg", "png"):
        raise Http404
    link = link_of(code)
    content: str | bytes = qr_svg(link) if kind == "svg" else qr_png(link)
    response = HttpResponse(content, content_type="image/svg+xml" if kind == "svg" else "image/png")
    response["Content-Disposition"] = f'attachment; filename="{code.code}.{kind}"'
    return response
