"""The folder of finished work: whole entries or none, for its owner alone, never in the way of an analysis."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from netact.cache import LIMIT, Cache, CacheSize, default_folder, switched_off

KEY, OTHER = "a" * 64, "b" * 64


def written(text):
    return lambda folder: [(folder / name).write_text(text) for name in ("one.txt", "two.json")]


def text_of(folder):
    return (folder / "one.txt").read_text() + (folder / "two.json").read_text()


@pytest.fixture
def cache(tmp_path):
    return Cache(tmp_path / "cache")


def entry(cache, key=KEY):
    return cache.folder / f"{key}.kept"


def aged(path, days):
    moment = time.time() - days * 24 * 3600
    os.utime(path, (moment, moment))


def test_what_is_put_comes_back_and_nothing_else(cache):
    assert cache.get(KEY, text_of) is None
    assert cache.put(KEY, written("done"))
    assert cache.get(KEY, text_of) == "donedone"
    assert cache.get(OTHER, text_of) is None
    assert Cache(cache.folder).get(KEY, text_of) == "donedone"
    assert cache.notes == []


def test_nothing_is_made_before_something_is_kept(cache):
    assert cache.get(KEY, text_of) is None
    assert cache.size() == CacheSize(0, 0)
    cache.clear()
    assert not cache.folder.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folders apart in another way")
def test_only_its_owner_reads_it(cache):
    mask = os.umask(0)
    try:
        cache.put(KEY, written("done"))
    finally:
        os.umask(mask)
    assert stat.S_IMODE(cache.folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in cache.folder.iterdir()} == {0o600}


def test_backup_programs_leave_it_out(cache):
    cache.put(KEY, written("done"))
    assert (cache.folder / "CACHEDIR.TAG").read_text().startswith("Signature: 8a477f597d28d172789f06886806bc55")


@pytest.mark.parametrize(
    "damage",
    [
        lambda data: data[:-1],
        lambda data: data[: len(data) // 2],
        lambda data: b"",
        lambda data: data + b"\0",
        lambda data: data[:60] + bytes([data[60] ^ 1]) + data[61:],
        lambda data: data[:-30] + bytes([data[-30] ^ 128]) + data[-29:],
        lambda data: b"netact cache 2\n" + data[15:],
    ],
)
def test_a_damaged_entry_counts_as_not_there_and_is_replaced(cache, damage):
    cache.put(KEY, written("done"))
    entry(cache).write_bytes(damage(entry(cache).read_bytes()))
    assert cache.get(KEY, text_of) is None
    assert not entry(cache).exists()
    assert cache.put(KEY, written("again"))
    assert cache.get(KEY, text_of) == "againagain"


def test_every_single_byte_of_an_entry_is_looked_at(cache):
    cache.put(KEY, written("x"))
    whole = entry(cache).read_bytes()
    for at in range(len(whole)):
        entry(cache).write_bytes(whole[:at] + bytes([whole[at] ^ 4]) + whole[at + 1 :])
        assert cache.get(KEY, text_of) is None, at


def test_an_entry_under_another_name_is_not_served(cache):
    cache.put(KEY, written("done"))
    entry(cache).rename(entry(cache, OTHER))
    assert cache.get(OTHER, text_of) is None


def test_files_that_cannot_be_used_count_as_not_there(cache):
    def refuse(_folder):
        raise ValueError("of another version")

    cache.put(KEY, written("done"))
    assert cache.get(KEY, refuse) is None
    assert cache.get(KEY, text_of) is None


def test_what_cannot_be_written_is_not_kept(cache):
    def refuse(_folder):
        raise ValueError("no")

    assert not cache.put(KEY, refuse)
    assert cache.notes == []
    assert cache.get(KEY, text_of) is None


def test_an_error_while_writing_leaves_nothing(cache, monkeypatch):
    cache.put(OTHER, written("done"))
    before = sorted(path.name for path in cache.folder.iterdir())

    def stopped(*_args):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", stopped)
    with pytest.raises(KeyboardInterrupt):
        cache.put(KEY, written("done"))
    assert sorted(path.name for path in cache.folder.iterdir()) == before


# ---------------------------------------------------------------------- room


def room(tmp_path, entries):
    """Return a cache with room for so many entries."""
    probe = Cache(tmp_path / "probe")
    probe.put(KEY, written("x" * 10_000))
    return Cache(tmp_path / "cache", limit=int(probe.size().bytes * (entries + 0.5)))


def keys(number):
    return [f"{i:064x}" for i in range(number)]


def test_the_entries_that_were_not_asked_for_the_longest_go_first(tmp_path):
    cache = room(tmp_path, 10)
    for age, key in enumerate(keys(10)):
        cache.put(key, written("x" * 10_000))
        aged(entry(cache, key), 50 - age)
    assert cache.get(keys(10)[0], text_of)  # the oldest, asked for now
    cache.put(OTHER, written("x" * 10_000))
    assert cache.size().bytes <= cache.limit
    left = {path.stem for path in cache.folder.glob("*.kept")}
    assert keys(10)[0] in left
    assert OTHER in left
    assert keys(10)[1] not in left


def test_passing_entries_go_before_lasting_ones(tmp_path):
    cache = room(tmp_path, 6)
    for key in keys(6):
        cache.put(key, written("x" * 10_000), lasting=int(key, 16) % 2 == 0)
        path = entry(cache, key)
        aged(path if path.exists() else path.with_suffix(".part"), 9)
    cache.put(OTHER, written("x" * 10_000))
    assert len(list(cache.folder.glob("*.kept"))) == 4
    assert len(list(cache.folder.glob("*.part"))) < 3
    assert cache.get(keys(6)[0], text_of)


def test_what_nobody_asked_for_in_a_long_time_goes(cache):
    cache.put(KEY, written("done"))
    cache.put(OTHER, written("done"))
    aged(entry(cache), 91)
    aged(entry(cache, OTHER), 89)
    cache.trim()
    assert [path.name for path in cache.folder.glob("*.kept")] == [entry(cache, OTHER).name]


def test_one_result_does_not_push_out_all_others(tmp_path):
    cache = Cache(tmp_path / "cache", limit=40_000)
    cache.put(KEY, written("x"))
    assert not cache.put(OTHER, written("x" * 20_000))
    assert cache.get(KEY, text_of)


def test_what_killed_processes_left_goes_and_what_others_are_writing_stays(cache):
    cache.put(KEY, written("done"))
    old, new = cache.folder / ".draft-old", cache.folder / ".draft-new"
    for path in (old, new):
        path.write_bytes(b"half")
    aged(old, 2)
    cache.trim()
    assert not old.exists()
    assert new.exists()


def test_clearing_deletes_entries_and_nothing_else(cache):
    cache.put(KEY, written("done"))
    cache.put(OTHER, written("done"), lasting=False)
    mine = cache.folder / "notes.txt"
    mine.write_text("mine")
    held = cache.size()
    assert held.entries == 2
    assert cache.clear() == held
    assert cache.size() == CacheSize(0, 0)
    assert mine.read_text() == "mine"


# ---------------------------------------------------------------------- where nothing can be kept


def useless(cache):
    assert not cache.put(KEY, written("done"))
    assert cache.get(KEY, text_of) is None
    assert cache.size() == CacheSize(0, 0)
    cache.clear()
    assert len(cache.notes) == 1
    assert str(cache.folder) in cache.notes[0]


def test_a_file_in_its_place(tmp_path):
    (tmp_path / "cache").write_text("mine")
    useless(Cache(tmp_path / "cache"))
    assert (tmp_path / "cache").read_text() == "mine"


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "file").write_text("mine")
    useless(Cache(tmp_path / "file" / "cache"))


@pytest.mark.skipif(sys.platform == "win32", reason="Windows keeps a user's folders apart in another way")
def test_a_folder_that_others_may_write_to_is_not_trusted(tmp_path):
    (tmp_path / "cache").mkdir()
    (tmp_path / "cache").chmod(0o777)
    useless(Cache(tmp_path / "cache"))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may give a folder away")
def test_a_folder_of_somebody_else_is_not_trusted(tmp_path):
    (tmp_path / "cache").mkdir(mode=0o700)
    os.chown(tmp_path / "cache", 65534, 65534)
    useless(Cache(tmp_path / "cache"))


def test_a_folder_that_may_only_be_read_is_read(cache, monkeypatch):
    cache.put(KEY, written("done"))

    def refused(*_args, **_options):
        raise PermissionError(13, "Permission denied")

    later = Cache(cache.folder)
    monkeypatch.setattr(tempfile, "mkstemp", refused)
    monkeypatch.setattr(os, "utime", refused)
    assert not later.put(OTHER, written("done"))
    assert not later.put(OTHER, written("done"))
    assert later.get(KEY, text_of) == "donedone"
    assert later.notes == [f"{cache.folder}: results are not kept; found Permission denied"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_the_right_to_write(cache):
    cache.put(KEY, written("done"))
    cache.folder.chmod(0o500)
    try:
        later = Cache(cache.folder)
        assert not later.put(OTHER, written("done"))
        assert later.get(KEY, text_of) == "donedone"
        assert len(later.notes) == 1
    finally:
        cache.folder.chmod(0o700)


# ---------------------------------------------------------------------- several processes

THRASH = """
import sys
from netact.cache import Cache
cache = Cache(sys.argv[1], limit=60_000)
served = 0
for turn in range(150):
    for number in range(6):
        key = f"{number:064x}"
        text = f"entry {number} " * 300
        found = cache.get(key, lambda folder: (folder / "one.txt").read_text())
        if found is None:
            cache.put(key, lambda folder: (folder / "one.txt").write_text(text))
        else:
            assert found == text
            served += 1
    cache.trim()
    if turn % 40 == 39:
        cache.clear()
print(served)
assert not cache.notes or all("No such file" in note for note in cache.notes), cache.notes
"""


def test_two_processes_at_once_never_get_half_an_entry(tmp_path):
    command = [sys.executable, "-c", THRASH, str(tmp_path / "cache")]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    for out, errors in [process.communicate(timeout=120) for process in running]:
        assert not errors
        assert int(out) > 100


# ---------------------------------------------------------------------- where it is


def test_tests_keep_nothing_by_default():
    assert switched_off()
    assert default_folder() is None


@pytest.mark.parametrize("said", ["off", "OFF", " none ", "0", "no"])
def test_the_environment_may_switch_it_off(monkeypatch, said):
    monkeypatch.setenv("NETACT_CACHE", said)
    assert switched_off()
    assert default_folder() is None


def test_the_environment_may_name_the_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("NETACT_CACHE", str(tmp_path))
    assert default_folder() == tmp_path
    assert not switched_off()


@pytest.mark.parametrize(
    ("system", "variables", "expected"),
    [
        ("linux", {}, ".cache/netact"),
        ("linux", {"XDG_CACHE_HOME": "relative"}, ".cache/netact"),
        ("darwin", {}, "Library/Caches/netact"),
        ("win32", {}, "AppData/Local/netact/Cache"),
    ],
)
def test_the_usual_place_of_each_system(monkeypatch, tmp_path, system, variables, expected):
    for name in ("NETACT_CACHE", "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(Path, "home", lambda: tmp_path)
    monkeypatch.setattr("netact.cache.sys.platform", system)
    assert default_folder() == tmp_path / expected


def test_the_cache_folder_of_the_desktop_is_kept_to(monkeypatch, tmp_path):
    monkeypatch.setenv("NETACT_CACHE", "")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("netact.cache.sys.platform", "linux")
    assert default_folder() == tmp_path / "netact"


def test_without_a_home_nothing_is_kept(monkeypatch):
    def homeless():
        raise RuntimeError

    for name in ("NETACT_CACHE", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("netact.cache.sys.platform", "linux")
    monkeypatch.setattr(Path, "home", homeless)
    assert default_folder() is None


def test_there_is_room_for_many_runs():
    assert LIMIT == 2_000_000_000
