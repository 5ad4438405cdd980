"""A DNS server for tests, with TXT records that they set."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset


class Zone(asyncio.DatagramProtocol):
    """`records`: texts by name, without the last dot; a name that is not there does not exist. While `silent`, nobody answers."""

    def __init__(self) -> None:
        self.records: dict[str, list[str]] = {}
        self.silent = False

    @classmethod
    @asynccontextmanager
    async def served(cls) -> AsyncIterator["Zone"]:
        loop = asyncio.get_running_loop()
        transport, zone = await loop.create_datagram_endpoint(cls, local_addr=("127.0.0.1", 0))
        zone.address = "{}:{}".format(*transport.get_extra_info("sockname"))
        try:
            yield zone
        finally:
            transport.close()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport
        self.address = ""

    def datagram_received(self, data: bytes, address: Any) -> None:
        if not self.silent:
            self._transport.sendto(self._answer(dns.message.from_wire(data)).to_wire(), address)

    def _answer(self, asked: dns.message.Message) -> dns.message.Message:
        answer = dns.message.make_response(asked, recursion_available=True)
        name = asked.question[0].name
        texts = self.records.get(name.to_text().rstrip(".").lower())
        if texts is None:
            answer.set_rcode(dns.rcode.NXDOMAIN)
        elif texts:
            quoted = ['"{}"'.format(text.replace('"', '\\"')) for text in texts]
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", dns.rdatatype.TXT, *quoted))
        return answer
