"""Serial ports: receivers on a cable."""

from __future__ import annotations

import termios
from collections.abc import AsyncGenerator
from typing import Literal

import serial as pyserial
from pydantic import Field

from alliage.feeds.transports.base import Arrival, OnChange, Transport, TransportConfig
from alliage.feeds.transports.descriptor import read_ready
from alliage.ontology.times import Clock


class SerialConfig(TransportConfig):
    """``kind = "serial"``."""

    kind: Literal["serial"] = "serial"
    device: str = Field(min_length=1, description="The port, e.g. `/dev/ttyUSB0`.")
    baud: int = Field(default=38400, gt=0, description="Symbols per second: AIS 38400, GNSS 4800.")
    data_bits: Literal[5, 6, 7, 8] = Field(default=8, description="Bits of a character.")
    parity: Literal["none", "even", "odd"] = Field(default="none", description="Parity bit.")
    stop_bits: Literal[1, 2] = Field(default=1, description="Stop bits.")

    def where(self) -> str:
        """Where the bytes come from."""
        return f"{self.device} at {self.baud} baud"


class Serial(Transport):
    """Reads a port; a pulled cable is waited for."""

    def __init__(
        self, config: SerialConfig, clock: Clock, on_change: OnChange | None = None
    ) -> None:
        super().__init__(config, clock, on_change)
        self._config = config

    async def connection(self) -> AsyncGenerator[Arrival, None]:
        """Open the port for this node alone, and read until it goes away."""
        config = self._config
        try:
            port = pyserial.Serial(
                config.device,
                config.baud,
                bytesize=config.data_bits,
                parity=config.parity[0].upper(),
                stopbits=config.stop_bits,
                timeout=0,
                exclusive=True,
            )
        except (OSError, termios.error) as error:
            raise OSError(f"{config.device} cannot be opened: {error}") from error
        with port:
            self.connected()
            while data := await read_ready(port.fileno()):
                yield [self.chunk(data)]
        raise ConnectionResetError(f"{config.device} went away")
