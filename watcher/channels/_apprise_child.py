"""A process of its own in which apprise sends one message; every address it wants is asked from the parent.

Apprise brings its own network code for a hundred services, which knows nothing of our gate. Here name resolution is
replaced by a question to the parent (which answers with the address that the gate has checked, or with a refusal), and
connections go to addresses from such answers only. Questions and answers are JSON lines on standard output and input:
first ``{"url", "title", "body"}`` comes in, then any number of ``{"host", "port"}`` go out and ``{"address"}`` come in,
at last ``{"sent"}`` goes out. Nothing is logged: messages of services quote their addresses.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import socket
import sys
from typing import Any, TextIO

Places = list[tuple[int, int, int, str, tuple[Any, ...]]]


class Parent:
    """The other end of the pipes, and what it has allowed so far."""

    def __init__(self, questions: TextIO, answers: TextIO) -> None:
        self.questions, self.answers = questions, answers
        self.allowed: set[str] = set()

    def say(self, **line: object) -> None:
        """One line to the parent."""
        self.questions.write(json.dumps(line) + "\n")
        self.questions.flush()

    def hear(self) -> dict[str, Any]:
        """One line from the parent. Raises ``OSError`` when it is gone."""
        line = self.answers.readline()
        if not line:
            raise OSError("the parent is gone")
        heard: dict[str, Any] = json.loads(line)
        return heard

    def address(self, host: str, port: int) -> str:
        """The checked address of a host. Raises ``socket.gaierror`` where the gate refuses it."""
        self.say(host=host, port=port)
        found = self.hear().get("address")
        if not isinstance(found, str):
            raise socket.gaierror(socket.EAI_FAIL, "refused by the network policy")
        self.allowed.add(found)
        return found


def guard(parent: Parent) -> None:
    """Replaces resolution and connection in this process."""

    def getaddrinfo(host: Any, port: Any, family: int = 0, type: int = 0, proto: int = 0, flags: int = 0) -> Places:
        name = host.decode() if isinstance(host, bytes) else host
        if not name:
            raise socket.gaierror(socket.EAI_NONAME, "no host")
        number = int(port) if port else 0
        found = parent.address(name, number)
        four = ipaddress.ip_address(found).version == 4
        own = socket.AF_INET if four else socket.AF_INET6
        if family not in (0, own):
            raise socket.gaierror(socket.EAI_NONAME, "no address of that family")
        place = (found, number) if four else (found, number, 0, 0)
        return [(own, type or socket.SOCK_STREAM, proto, "", place)]

    def gethostbyname(host: str) -> str:
        return str(getaddrinfo(host, 0)[0][4][0])

    def checked(place: Any) -> None:
        if not isinstance(place, tuple) or place[0] not in parent.allowed:
            raise PermissionError("connections go to checked addresses only")

    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto

    def guarded_connect(self: socket.socket, place: Any) -> None:
        checked(place)
        connect(self, place)

    def guarded_connect_ex(self: socket.socket, place: Any) -> int:
        checked(place)
        return connect_ex(self, place)

    def guarded_sendto(self: socket.socket, data: Any, *rest: Any) -> int:
        checked(rest[-1])
        return sendto(self, data, *rest)

    replaced = {"connect": guarded_connect, "connect_ex": guarded_connect_ex, "sendto": guarded_sendto}
    for name, function in replaced.items():
        setattr(socket.socket, name, function)
    vars(socket).update(getaddrinfo=getaddrinfo, gethostbyname=gethostbyname)


def main() -> None:
    """Reads one message from standard input, sends it, and says whether apprise believes that it went."""
    parent = Parent(sys.stdout, sys.stdin)
    sys.stdout = sys.stderr
    logging.disable(logging.CRITICAL)
    order = parent.hear()
    guard(parent)
    try:
        from apprise import Apprise, NotifyFormat
    except ImportError:
        parent.say(sent=False, why="missing")
        return
    service = Apprise()
    if not service.add(order["url"]):
        parent.say(sent=False, why="address")
        return
    sent = service.notify(title=order["title"], body=order["body"], body_format=NotifyFormat.TEXT)
    parent.say(sent=bool(sent), why="" if sent else "service")


if __name__ == "__main__":
    main()
