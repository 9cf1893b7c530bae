"""init, config, version, doctor: making a node and asking whether it is well."""

import gzip
import random
import socket
import stat
from pathlib import Path

from tests.cli.conftest import Run


def test_init_makes_a_node_that_others_on_the_machine_cannot_read(alliage: Run, home: Path) -> None:
    assert alliage("init", "--name", "baltic-1", "--nation", "DNK").code == 0
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    shown = alliage("config", "show", "--json").data()
    assert shown["node"] == {"name": "baltic-1", "nation": "DNK", "banner": ""}


def test_init_never_overwrites_a_node(alliage: Run, home: Path) -> None:
    alliage("init", "--name", "first")
    second = alliage("init", "--name", "second")
    assert second.code == 4
    assert "already" in second.err
    assert '"first"' in (home / "config.toml").read_text()


def test_init_refuses_a_nation_that_is_none(alliage: Run, home: Path) -> None:
    done = alliage("init", "--nation", "Denmark")
    assert done.code == 3
    assert "--nation: 'Denmark'" in done.err
    assert "config.toml" not in done.err  # there is none to look into
    assert not home.exists()


def test_errors_are_json_where_json_is_asked_for(alliage: Run) -> None:
    done = alliage("config", "check", "--json")
    assert done.code == 4
    error = done.data()["error"]
    assert error["exit_code"] == 4
    assert "alliage init" in error["messages"][0]


def test_a_mistake_in_the_configuration_is_found_before_the_node_runs(
    alliage: Run, home: Path
) -> None:
    alliage("init")
    with (home / "config.toml").open("a") as file:
        file.write('[[sources]]\nname = "a"\nformat = "aiss"\ntransport = { kind = "udp" }\n')
    done = alliage("config", "check")
    assert done.code == 3
    assert "source 'a': format: 'aiss': use one of aircraft_json, ais, " in done.err


def test_mistakes_of_the_file_and_of_its_sources_are_told_at_once(alliage: Run, home: Path) -> None:
    alliage("init")
    with (home / "config.toml").open("a") as file:
        file.write(
            '[[sources]]\nname = "A"\nformat = "ais"\n'
            'transport = { kind = "tcp_client", host = "h", port = "many" }\n'
        )
    done = alliage("config", "check")
    assert done.code == 3
    assert "sources[0].name: 'A': allowed are" in done.err
    assert "source 'A': transport.port: 'many': a whole number is needed" in done.err
    assert "transport.port" in alliage("doctor").out


def test_a_label_that_hides_from_the_nodes_own_people_is_warned_of(
    alliage: Run, home: Path
) -> None:
    alliage("init", "--nation", "DNK")
    label = 'label = { policy = "ALLIAGE", classification = "SECRET", releasable_to = [%s] }\n'
    with (home / "config.toml").open("a") as file:
        for name, nations in (("none", ""), ("french", '"FRA"'), ("both", '"DNK", "FRA"')):
            file.write(
                f'[[sources]]\nname = "{name}"\nformat = "ais"\n'
                f'transport = {{ kind = "udp", port = 0 }}\n{label % nations}'
            )
    warnings = alliage("config", "check", "--json").data()["warnings"]
    assert len(warnings) == 2
    assert warnings[0].startswith("source 'none': releasable_to of SECRET is empty: nobody")
    assert warnings[1].startswith("source 'french': releasable to FRA and not to DNK")
    assert "Warning: source 'none'" in alliage("config", "check").err
    assert "not to DNK" in alliage("doctor").out


def test_config_path_says_the_file(alliage: Run, home: Path) -> None:
    assert alliage("config", "path").out.strip() == str(home / "config.toml")


def test_the_environment_shows_in_the_configuration(alliage: Run) -> None:
    alliage("init")
    shown = alliage("config", "show", "--json", ALLIAGE_SERVER__PORT="9000").data()
    assert shown["server"]["port"] == 9000


def test_version_says_which_alliage_this_is(alliage: Run) -> None:
    assert alliage("version").out.startswith("alliage 0.")
    assert set(alliage("version", "--json").data()) == {"alliage", "python"}


def test_an_unknown_command_is_a_usage_error(alliage: Run) -> None:
    assert alliage("fly").code == 2


def test_doctor_finds_nothing_wrong_with_a_new_node(alliage: Run) -> None:
    alliage("init")
    findings = alliage("doctor", "--json", ALLIAGE_SERVER__PORT="0").data()["findings"]
    levels = {finding["check"]: finding["level"] for finding in findings}
    levels.pop("web UI")  # whether it is built depends on the checkout
    levels.pop("disk")
    assert set(levels.values()) == {"ok"}


def test_doctor_says_what_to_do_where_there_is_no_node(alliage: Run) -> None:
    done = alliage("doctor")
    assert done.code == 1
    assert "alliage init" in done.out


def test_doctor_finds_a_port_in_use(alliage: Run) -> None:
    alliage("init")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        findings = alliage("doctor", "--json", ALLIAGE_SERVER__PORT=port).data()["findings"]
    (finding,) = [finding for finding in findings if finding["check"] == "port"]
    assert finding["level"] == "problem"
    assert "ALLIAGE_SERVER__PORT" in finding["to_do"]


def test_doctor_finds_a_folder_that_is_open_to_others(alliage: Run, home: Path) -> None:
    alliage("init")
    home.chmod(0o755)
    assert f"chmod 700 {home}" in alliage("doctor").out


def test_doctor_finds_sources_that_are_not_there(alliage: Run, home: Path) -> None:
    alliage("init")
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    with (home / "config.toml").open("a") as file:
        file.write(
            '[[sources]]\nname = "gone"\nformat = "ais"\n'
            f'transport = {{ kind = "tcp_client", host = "127.0.0.1", port = {port} }}\n'
            '[[sources]]\nname = "lost"\nformat = "ais"\n'
            'transport = { kind = "file", path = "lost.nmea" }\n'
        )
    findings = alliage("doctor", "--json").data()["findings"]
    found = {f["check"]: f for f in findings}
    assert "does not answer: connection refused" in found["source gone"]["text"]
    assert found["source gone"]["level"] == "warning"
    assert "lost.nmea is not there" in found["source lost"]["text"]
    assert found["source lost"]["level"] == "problem"
    assert "keeps trying" not in found["source lost"]["to_do"]
    assert any("no label" in f["text"] for f in findings)


def test_doctor_finds_half_a_recording(alliage: Run, home: Path) -> None:
    alliage("init")
    packed = gzip.compress(random.Random(1).randbytes(100_000))
    (home / "half.gz").write_bytes(packed[:50_000])
    (home / "whole.gz").write_bytes(packed)
    with (home / "config.toml").open("a") as file:
        for name in ("half", "whole"):
            path = home / f"{name}.gz"
            file.write(
                f'[[sources]]\nname = "{name}"\nformat = "ais"\n'
                f'transport = {{ kind = "file", path = "{path}" }}\n'
            )
    done = alliage("doctor", "--json")
    found = {f["check"]: f for f in done.data()["findings"]}
    assert found["source half"]["level"] == "problem"
    assert "cannot be read" in found["source half"]["text"]
    assert found["source whole"]["level"] == "ok"


def test_doctor_counts_warnings(alliage: Run, home: Path) -> None:
    alliage("init")
    home.chmod(0o755)
    assert "1 warning" in alliage("doctor", ALLIAGE_SERVER__PORT="0").err


def test_without_a_command_there_is_help(alliage: Run) -> None:
    done = alliage()
    assert done.code == 0
    assert "doctor" in done.out


def test_doctor_finds_a_log_that_was_changed(alliage: Run, loaded: Path, tmp_path: Path) -> None:
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(loaded, copy)
    segment = sorted((copy / "log/segments").rglob("*"), key=lambda path: path.stat().st_size)[-1]
    data = bytearray(segment.read_bytes())
    data[len(data) // 2] ^= 0xFF
    segment.write_bytes(data)
    done = alliage("doctor", "--home", str(copy))
    assert done.code == 1
    assert "PROBLEM  log" in done.out


def test_completion_is_offered(alliage: Run) -> None:
    assert "--install-completion" in alliage("--help").out


def test_a_schema_that_cannot_be_used_is_told_by_doctor_and_check(
    alliage: Run, home: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "boat.yaml").write_text("name: Boat\nextends: Nothing\ntitle: {en: Boat, fr: Bateau}\n")
    assert alliage("init").code == 0
    with (home / "config.toml").open("a") as config:
        config.write(f'\n[ontology]\nfolders = ["{own}"]\n')
    told = f"{own}/boat.yaml:2: extends: no schema is named 'Nothing'"
    assert told in alliage("config", "check").err
    findings = alliage("doctor", "--json").data()["findings"]
    assert told in [finding["text"] for finding in findings]
