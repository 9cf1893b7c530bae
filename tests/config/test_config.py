"""What a node is told: read, checked, explained, and never leaked."""

from pathlib import Path

import pytest

from alliage.config import MASK, Config, ConfigError, default_home, mask_secrets
from alliage.ontology.label import UNLABELLED

SOURCE = """
[[sources]]
name = "denmark"
format = "ais"
transport = { kind = "file", path = "denmark.nmea.gz", pace = 2.0 }
label = { policy = "ALLIAGE", classification = "UNCLASSIFIED", releasable_to = ["FRA", "DNK"] }
"""


def load(text: str, folder: Path, environ: dict[str, str] | None = None) -> Config:
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return Config.load(path, environ or {})


def problems(text: str, folder: Path, environ: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        load(text, folder, environ)
    return caught.value.problems


def test_an_empty_file_gives_a_node_that_listens_on_this_machine_only(tmp_path: Path) -> None:
    config = load("", tmp_path)
    assert config.server.host == "127.0.0.1"
    assert config.server.address == "http://localhost:8470"
    assert config.sources == ()


def test_the_template_of_init_is_a_valid_configuration(tmp_path: Path) -> None:
    config = load(Config.default_text("baltic-1", "DNK", "EXERCISE"), tmp_path)
    assert (config.node.name, config.node.nation) == ("baltic-1", "DNK")
    assert config.node.banner == "EXERCISE"


def test_the_examples_in_the_template_are_valid_too(tmp_path: Path) -> None:
    lines = Config.default_text().splitlines()
    start = lines.index("# [[sources]]")
    text = "\n".join(line.removeprefix("#").strip() for line in lines[start:])
    assert [source.name for source in load(text, tmp_path).sources] == ["coast", "recording"]


def test_a_source_carries_its_label_and_its_pace(tmp_path: Path) -> None:
    source = load(SOURCE, tmp_path).sources[0]
    assert source.to_label().marking == "ALLIAGE UNCLASSIFIED / REL TO DNK, FRA"
    assert source.transport["pace"] == 2.0


def test_a_source_without_a_label_is_not_shareable(tmp_path: Path) -> None:
    text = "\n".join(line for line in SOURCE.splitlines() if not line.startswith("label"))
    assert load(text, tmp_path).sources[0].to_label() == UNLABELLED


def test_paths_are_relative_to_the_file(tmp_path: Path) -> None:
    config = load(SOURCE + '[ontology]\nfolders = ["schemata"]\n', tmp_path)
    assert config.sources[0].transport["path"] == str(tmp_path / "denmark.nmea.gz")
    assert config.ontology.folders == (tmp_path / "schemata",)


def test_standard_input_is_not_taken_for_a_path(tmp_path: Path) -> None:
    config = load(SOURCE.replace("denmark.nmea.gz", "-"), tmp_path)
    assert config.sources[0].transport["path"] == "-"


def test_the_environment_overrides_the_file(tmp_path: Path) -> None:
    config = load("[server]\nport = 1\n", tmp_path, {"ALLIAGE_SERVER__PORT": "8471"})
    assert config.server.port == 8471


def test_variables_that_are_not_settings_are_left_alone(tmp_path: Path) -> None:
    environ = {"ALLIAGE_HOME": "/x", "ALLIAGE_DATA": "/y", "HOME__PORT": "1"}
    assert load("", tmp_path, environ) == load("", tmp_path)


def test_a_wrong_value_is_reported_with_file_key_value_and_way_out(tmp_path: Path) -> None:
    (line,) = problems("[server]\nport = 99999\n", tmp_path)
    assert line.startswith(f"{tmp_path / 'config.toml'}: server.port: 99999: ")
    assert "65535" in line


def test_a_wrong_variable_is_reported_by_its_name(tmp_path: Path) -> None:
    (line,) = problems("", tmp_path, {"ALLIAGE_SERVER__PORT": "many"})
    assert line.startswith("ALLIAGE_SERVER__PORT: 'many': ")


def test_a_variable_of_an_unknown_table_is_reported_by_its_name(tmp_path: Path) -> None:
    (line,) = problems("", tmp_path, {"ALLIAGE_SERVR__PORT": "1"})
    assert line.startswith("ALLIAGE_SERVR__PORT: no such key; known here: node, server")


def test_sources_are_not_set_by_variables(tmp_path: Path) -> None:
    (line,) = problems(SOURCE, tmp_path, {"ALLIAGE_SOURCES__NAME": "x"})
    assert line.startswith("ALLIAGE_SOURCES__NAME: 'sources' is a list")


def test_a_misspelt_key_is_refused_and_the_known_ones_are_named(tmp_path: Path) -> None:
    (line,) = problems("[server]\nprot = 1\n", tmp_path)
    assert "server.prot: no such key; known here: host, port" in line
    (line,) = problems(SOURCE + "labels = 1\n", tmp_path)
    assert "sources[0].labels: no such key; known here: name, format, label" in line


def test_all_mistakes_are_reported_at_once(tmp_path: Path) -> None:
    text = SOURCE.replace("UNCLASSIFIED", "PUBLIC") + '[node]\nnation = "Denmark"\n'
    nation, classification = problems(text, tmp_path)
    assert "node.nation: 'Denmark'" in nation
    assert "sources[0].label.classification: 'PUBLIC': use one of UNMARKED" in classification


def test_two_sources_of_one_name_are_refused(tmp_path: Path) -> None:
    (line,) = problems(SOURCE + SOURCE, tmp_path)
    assert "two sources are called 'denmark'" in line


def test_a_transport_without_a_kind_is_refused_with_an_example(tmp_path: Path) -> None:
    (line,) = problems(SOURCE.replace('kind = "file", ', ""), tmp_path)
    assert "sources[0].transport: name the kind of transport" in line


def test_text_that_is_not_toml_is_reported_with_its_line(tmp_path: Path) -> None:
    (line,) = problems("[server\n", tmp_path)
    assert "not valid TOML" in line
    assert "line 1" in line


def test_a_missing_file_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="alliage init"):
        Config.load(tmp_path / "none.toml", {})


def test_secrets_are_never_shown(tmp_path: Path) -> None:
    transport = (
        '{ kind = "http", url = "https://me:hush@example.org/x", headers = { '
        'Authorization = "Bearer hush" }, password = "hush" }'
    )
    text = f'[[sources]]\nname = "a"\nformat = "ais"\ntransport = {transport}\n'
    shown = load(text, tmp_path).shown()["sources"][0]["transport"]
    assert "hush" not in str(shown)
    assert shown["url"] == f"https://{MASK}@example.org/x"


def test_an_empty_secret_is_shown_as_empty() -> None:
    assert mask_secrets({"password": ""}) == {"password": ""}


def test_the_home_is_named_by_the_environment_or_is_the_users_data_folder() -> None:
    assert default_home({"ALLIAGE_HOME": "/srv/alliage"}) == Path("/srv/alliage")
    assert default_home({"XDG_DATA_HOME": "/data"}) == Path("/data/alliage")
    assert default_home({}).parts[-3:] == (".local", "share", "alliage")


@pytest.mark.parametrize("nation", ["DENMARK", "dnk", "DK", "", "D1K"])
def test_a_label_names_nations_by_their_codes(tmp_path: Path, nation: str) -> None:
    (line,) = problems(SOURCE.replace('"DNK"', f'"{nation}"'), tmp_path)
    assert f"nation {nation!r} is not three capital letters" in line
    label = f'{{ policy = "A", classification = "SECRET", releasable_to = ["{nation}"] }}'
    (line,) = problems(f"[people]\nlabel = {label}\n", tmp_path)
    assert "people.label.releasable_to" in line


def test_mistakes_are_told_in_our_own_words(tmp_path: Path) -> None:
    text = '[node]\nname = "Baltic 1"\nnation = "Denmark"\n[server]\nport = "many"\nurl = "x"\n'
    name, nation, port, url = problems(text, tmp_path)
    assert name.endswith(
        "node.name: 'Baltic 1': allowed are at most 40 lower case letters, digits and `-`"
    )
    assert "'Denmark': allowed are three capital letters" in nation
    assert port.endswith("server.port: 'many': a whole number is needed")
    assert "allowed are http:// or https://" in url
