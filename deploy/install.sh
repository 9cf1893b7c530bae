#!/bin/sh
# Installs Alliage on a Debian 12 machine (or in an image of one), into /opt/alliage.
#
#   deploy/install.sh [--prefix FOLDER] [--wheel FILE] [--python PROGRAM] [--service]
#
#   --prefix   where to; a Python environment of its own that holds exactly what the lock names
#              (default: $PREFIX, else /opt/alliage)
#   --wheel    install this built wheel; without it the source tree around this script,
#              in which `make web` has built the web UI
#   --python   Python 3.11 or newer (default: python3)
#   --service  as root: also make the system user and the systemd unit; starts nothing
#
# Packages come from wherever pip is told to look on this machine, and only with the hashes that
# requirements/run.txt names. Running it again mends or upgrades; data is never touched.
set -eu
# What is installed is for every user of the machine to read, however careful root's own umask is.
umask 022

SOURCE=$(cd "$(dirname "$0")/.." && pwd)
LOCK=$SOURCE/requirements/run.txt
PREFIX=${PREFIX:-/opt/alliage}
PYTHON=python3
WHEEL=
SERVICE=no

fail() {
    echo "install.sh: $1" >&2
    exit 1
}

while [ $# -gt 0 ]; do
    case $1 in
        --prefix | --wheel | --python) [ $# -ge 2 ] || fail "$1 needs a value" ;;
    esac
    case $1 in
        --prefix) PREFIX=$2 && shift ;;
        --wheel) WHEEL=$2 && shift ;;
        --python) PYTHON=$2 && shift ;;
        --service) SERVICE=yes ;;
        *) fail "no such option: $1 (known: --prefix --wheel --python --service)" ;;
    esac
    shift
done

STAMP=$PREFIX/.alliage-lock

check() {
    case $PREFIX in /*) ;; *) fail "--prefix $PREFIX: give a path that begins with /" ;; esac
    "$PYTHON" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
        fail "$PYTHON: needs Python 3.11 with venv. On Debian: apt-get install python3 python3-venv"
    if [ -n "$WHEEL" ]; then
        [ -f "$WHEEL" ] || fail "--wheel $WHEEL: no such file"
    else
        [ -f "$SOURCE/src/alliage/server/static/index.html" ] ||
            fail "the web UI is not built: run \`make web\` in $SOURCE, or give a --wheel"
    fi
    # The environment is emptied when the lock changes: only what this script made may be.
    if [ -n "$(ls -A "$PREFIX" 2>/dev/null)" ] && [ ! -f "$STAMP" ]; then
        fail "$PREFIX is not empty and no Alliage was installed there; choose another --prefix"
    fi
    [ "$SERVICE" = no ] || [ "$(id -u)" = 0 ] || fail "--service needs root"
}

pip_install() {
    "$PREFIX/bin/python" -m pip install --quiet --disable-pip-version-check --no-input "$@"
}

# What the environment is made from: the lock and the Python that runs it.
fingerprint() {
    { cat "$LOCK" && "$PYTHON" -c 'import sys; print(sys.version, sys.base_prefix)'; } |
        sha256sum | cut -d' ' -f1
}

install_packages() {
    wanted=$(fingerprint)
    if [ "$(cat "$STAMP" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    echo "Installing Python packages into $PREFIX"
    mkdir -p "$PREFIX"
    "$PYTHON" -m venv --clear "$PREFIX"
    echo unfinished >"$STAMP"
    pip_install --require-hashes -r "$LOCK"
    echo "$wanted" >"$STAMP"
}

install_alliage() {
    if [ -n "$WHEEL" ]; then
        pip_install --no-deps --force-reinstall "$WHEEL"
    else
        pip_install --no-deps --force-reinstall --no-build-isolation "$SOURCE"
    fi
    "$PREFIX/bin/alliage" version
}

install_service() {
    id alliage >/dev/null 2>&1 ||
        useradd --system --user-group --home-dir /var/lib/alliage --shell /usr/sbin/nologin alliage
    sed "s|/opt/alliage|$PREFIX|g" "$SOURCE/deploy/alliage.service" \
        >/etc/systemd/system/alliage.service
    install -d -o alliage -g alliage -m 0700 /var/lib/alliage
    if [ -d /run/systemd/system ]; then
        systemctl daemon-reload
    fi
    echo "Made the user alliage and the unit alliage.service"
}

check
install_packages
install_alliage
[ "$SERVICE" = no ] || install_service
