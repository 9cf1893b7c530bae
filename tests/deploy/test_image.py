"""The image and the compose file agree with the script, the configuration and each other."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

from alliage.config import Config, default_home
from tests.deploy.support import DEPLOY, PREFIX, ROOT, install_command, stage_of

FINAL: Final = {i.name: i for i in stage_of("")}
HOME: Final = "/var/lib/alliage"


def environment() -> dict[str, str]:
    return dict(word.split("=", 1) for word in FINAL["ENV"].words)


def service() -> dict[str, Any]:
    text = (DEPLOY / "compose.yaml").read_text(encoding="utf-8")
    found: dict[str, Any] = yaml.safe_load(text)["services"]["alliage"]
    return found


def test_the_image_is_made_by_the_script_that_is_tested() -> None:
    assert install_command() == ["deploy/install.sh", "--prefix", PREFIX]
    assert (DEPLOY / "install.sh").stat().st_mode & 0o111 == 0o111


def test_every_file_that_is_copied_is_sent_to_the_builder() -> None:
    lines = (DEPLOY / "Dockerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = [line[1:] for line in lines if line.startswith("!")]
    for stage in ("web", "install"):
        for instruction in stage_of(stage):
            if instruction.name == "COPY" and "--from" not in instruction.rest:
                for source in instruction.words[:-1]:
                    assert (ROOT / source).exists()
                    known = [Path(source).is_relative_to(allowed) for allowed in let_in]
                    assert any(known), f"{source} is kept from the builder"


def test_the_node_runs_as_nobody_special_from_a_folder_that_is_its_own() -> None:
    made = next(i.rest for i in stage_of("") if i.name == "RUN")
    user = FINAL["USER"].rest.partition(":")[0]
    assert int(user) > 0
    assert f"--uid {user}" in made
    assert f"-m 0700 {HOME}" in made
    assert FINAL["VOLUME"].rest == HOME


def test_variables_are_settings_that_the_node_knows() -> None:
    settings = {k: v for k, v in environment().items() if k.startswith("ALLIAGE_")}
    assert default_home(settings) == Path(HOME)
    given = {**settings, **service()["environment"]}
    config = Config.from_text("", Path(HOME) / "config.toml", given)
    assert config.server.host == "0.0.0.0"
    assert config.logging.format == "json"


def test_ports_are_the_nodes_own() -> None:
    port = Config().server.port
    assert FINAL["EXPOSE"].rest == str(port)
    assert f":{port}/" in FINAL["HEALTHCHECK"].rest
    assert service()["ports"] == [f"127.0.0.1:{port}:{port}"]


def test_the_node_gets_the_signal_that_it_ends_well_on() -> None:
    assert FINAL["STOPSIGNAL"].rest == "SIGTERM"
    # In exec form it is process 1 itself: no shell swallows the signal.
    assert FINAL["ENTRYPOINT"].form() == [f"{PREFIX}/bin/alliage"]
    assert FINAL["CMD"].form() == ["run"]
    assert service()["stop_grace_period"] == "30s"


def test_the_image_asks_a_program_that_it_has_whether_it_is_well() -> None:
    program, option, code = FINAL["HEALTHCHECK"].form()
    assert (program, option) == (f"{PREFIX}/bin/python", "-c")
    compile(code, "healthcheck", "exec")
    assert "/api/v1/health/ready" in code


def test_the_container_can_do_as_little_as_possible() -> None:
    container = service()
    assert container["read_only"] is True
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["volumes"] == [f"home:{HOME}"]
    assert (DEPLOY / container["build"]["context"]).resolve() == ROOT
    assert (ROOT / container["build"]["dockerfile"]).is_file()


@pytest.mark.parametrize("stage", ["web", "install", ""])
def test_shell_lines_are_sound(stage: str) -> None:
    lines = [i.rest for i in stage_of(stage) if i.name == "RUN"]
    assert lines
    for line in lines:
        subprocess.run(["sh", "-n", "-c", line], check=True)
