# Keeps one PostgreSQL server for a process that may be killed at any moment: every line on standard
# input asks for something, the answer ends with a line `ok` or `failed`; where the input ends, the
# process is gone, and server and folder go too.
#
# $1: the folder of the server's programs; $2: its settings, a line each
bin=$1
settings=$2

# The folder that we come from may not be ours to read.
cd /
folder=$(mktemp -d "${TMPDIR:-/tmp}/private-postgres.XXXXXX" || mktemp -d /tmp/private-postgres.XXXXXX)

# As in production, text is ordered by the rules of a language unless a column says otherwise; older
# programs know no ICU here.
make_cluster() {
    set -- --pgdata="$folder/data" --username=postgres --auth=trust --encoding=UTF8 --no-sync
    "$bin/initdb" "$@" --locale=C --locale-provider=icu --icu-locale=und ||
        { rm -rf "$folder/data" && "$bin/initdb" "$@" --no-locale; }
    cat >>"$folder/data/postgresql.conf" <<SETTINGS
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
max_connections = 300
$settings
SETTINGS
}

answer() {
    if "$@" >"$folder/said" 2>&1 </dev/null; then
        echo ok
    else
        cat "$folder/said"
        test -e "$folder/log" && tail -n 20 "$folder/log"
        echo failed
    fi
}

while read -r asked argument; do
    case $asked in
    make) answer make_cluster ;;
    start) answer "$bin/pg_ctl" start -w -D "$folder/data" -l "$folder/log" -o "-p $argument" ;;
    stop) answer "$bin/pg_ctl" stop -w -D "$folder/data" -m "$argument" ;;
    esac
done

"$bin/pg_ctl" stop -w -D "$folder/data" -m immediate >/dev/null 2>&1
rm -rf "$folder"
