"""The way to the scheduler: who reaches it runs code on every worker, so an open road must be an encrypted one."""

from __future__ import annotations

import ipaddress
import logging
import socket
from typing import Any, Final

from watcher.errors import ClusterError
from watcher.settings import Scheduler
from watcher.words import tr


def scheduler_at(text: str) -> Scheduler:
    """``dask://HOST:PORT`` as a place. Raises ``ClusterError``."""
    try:
        return Scheduler.parse(text)
    except ValueError as error:
        raise ClusterError(str(error)) from None


def check_road(scheduler: Scheduler) -> None:
    """Raises ``ClusterError`` where a road without TLS leads to, or listens on, an address that the public can reach."""
    if scheduler.tls:
        return
    try:
        found = socket.getaddrinfo(scheduler.host, scheduler.port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ClusterError(
            tr(
                f"调度器的主机名 {scheduler.host} 解析不到地址：{error.strerror or error}",
                f"the scheduler's name {scheduler.host} has no address: {error.strerror or error}",
            )
        ) from None
    for *_, place in found:
        if is_open(str(place[0])):
            raise ClusterError(
                tr(
                    f"拒绝使用 {scheduler}：{place[0]} 不是内网地址，而能连上调度器的人可以在每台工作机上运行代码。"
                    "请改用 dask+tls:// 并设好证书（见 docs/operations.md “Workers on other machines”），或改用内网地址",
                    f"{scheduler} is refused: {place[0]} is not an address of a private network, and who reaches a scheduler "
                    "runs code on every worker. Use dask+tls:// with certificates (docs/operations.md, Workers on other "
                    "machines), or an address of a private network",
                )
            )


def distributed() -> Any:
    """Dask distributed, told to keep quiet and to keep nothing on disk. Raises ``ClusterError`` where the extra is missing."""
    try:
        import dask
        import distributed as found
    except ImportError:
        raise ClusterError(
            tr(
                "使用其他机器上的工作进程需要额外的软件包：请在本机、调度器和每台工作机上安装 watcher[cluster]",
                "workers on other machines need extra packages: install watcher[cluster] here, on the scheduler and on every worker",
            )
        ) from None
    dask.config.set(QUIET)
    # It tells of every lost connection several times; here each is told once, by us.
    for name in ("distributed", "tornado.application", *logging.root.manager.loggerDict):
        if name.split(".")[0] in ("distributed", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL)
    return found


def security(dask: Any, scheduler: Scheduler) -> Any:
    """Certificates as Dask's own configuration names them. Raises ``ClusterError`` where there are none for a TLS road."""
    if not scheduler.tls:
        return dask.Security()
    found = dask.Security(require_encryption=True)
    if not found.tls_ca_file:
        raise ClusterError(
            tr(
                f"{scheduler} 需要证书：请按 docs/operations.md 设置 DASK_DISTRIBUTED__COMM__TLS__CA_FILE 等变量",
                f"{scheduler} needs certificates: set DASK_DISTRIBUTED__COMM__TLS__CA_FILE and the others, as docs/operations.md says",
            )
        )
    return found


QUIET: Final = {
    "distributed.worker.memory.target": False,
    "distributed.worker.memory.spill": False,
    "distributed.worker.memory.pause": False,
    "distributed.worker.memory.terminate": False,
    "distributed.worker.profile.enabled": False,
    "distributed.worker.http.routes": [],
    "distributed.scheduler.http.routes": [],
    "distributed.scheduler.work-stealing": False,
    "distributed.diagnostics.nvml": False,
    "distributed.diagnostics.computations.max-history": 1,
    "distributed.diagnostics.erred-tasks.max-history": 0,
    "distributed.admin.log-length": 0,
}
"""Nothing is spilled to disk, no page shows what passes, and no call stacks are gathered ten times a second."""


def is_open(address: str) -> bool:
    """Whether others than a private network's own machines may reach an address; of ``0.0.0.0`` too: it means all of them."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    return ip.is_global or ip.is_unspecified or ip.is_multicast
