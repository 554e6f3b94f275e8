"""Following every link of one host until each kind of page was seen once."""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from urllib.parse import urldefrag, urlsplit

from tests.browser.inspecting import kind_of
from tests.browser.visitor import Visitor

# Files to keep, papers of people, the API's own pages, and what leads on to another host.
_ELSEWHERE = re.compile(r"\.(csv|png|svg|xlsx|yaml)$|/(api|papers|pay|voucher)/")
_LINKS = "links => links.filter(link => link.target !== '_blank').map(link => link.href)"


def walk(visitor: Visitor, starts: Iterable[str]) -> Iterator[str]:
    """Come to each kind of page that links lead to from the starts; yields each page's path."""
    waiting, seen = deque(starts), set[str]()
    host = urlsplit(waiting[0]).netloc
    while waiting:
        url = waiting.popleft()
        if kind_of(url) in seen:
            continue
        seen.add(kind_of(url))
        answer = visitor.page.goto(url)
        assert answer and answer.status == 200, f"{url}: {answer and answer.status}"
        yield urlsplit(url).path
        for found in visitor.page.eval_on_selector_all("a[href]", _LINKS):
            address = urldefrag(found).url
            if urlsplit(address).netloc == host and not _ELSEWHERE.search(urlsplit(address).path):
                waiting.append(address)
