"""Addresses below the API that lead nowhere are answered like everything else there."""

from typing import Any

from django.http import Http404
from rest_framework.request import Request
from rest_framework.views import APIView


class NothingHere(APIView):
    """404 as a problem document, whatever the method."""

    authentication_classes = ()
    permission_classes = ()

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        raise Http404
