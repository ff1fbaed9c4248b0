// Package documentdb runs PostgreSQL with DocumentDB on a data folder, and FerretDB in front of it.
package documentdb

import (
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

const (
	programs = "/usr/lib/postgresql/18/bin/"
	// An empty cluster with DocumentDB in it, part of the image: copying it is faster than making one.
	prepared = "/prepared"
	// PostgreSQL is there after half a second, on a busy machine after some.
	startTimeout = 60 * time.Second
)

// Database is a running PostgreSQL.
type Database struct {
	// Sockets is the folder of the sockets of PostgreSQL and FerretDB.
	Sockets string
	data    string
	server  *Process
}

// Start starts PostgreSQL on the cluster in `data`, which is made where there is none. Nothing listens on the network.
func Start(data, sockets string, settings ...string) (*Database, error) {
	if _, err := os.Stat(data); errors.Is(err, os.ErrNotExist) {
		// By rename, so that a copy that was cut off is never taken for a cluster.
		unfinished := data + ".new"
		if err := errors.Join(os.RemoveAll(unfinished), run(exec.Command("cp", "-a", prepared, unfinished)), os.Rename(unfinished, data)); err != nil {
			return nil, fmt.Errorf("the data folder could not be made: %w", err)
		}
	}
	if err := os.MkdirAll(sockets, 0o700); err != nil {
		return nil, err
	}
	// What a killed container left: the process that these name may be anybody here now.
	for _, stale := range []string{filepath.Join(data, "postmaster.pid"), filepath.Join(sockets, ".s.PGSQL.5432"), filepath.Join(sockets, ".s.PGSQL.5432.lock")} {
		_ = os.Remove(stale)
	}
	arguments := []string{"-D", data, "-k", sockets, "-h", "",
		// DocumentDB and its jobs connect to their own server.
		"-c", "documentdb.localhost_connection_string=host=" + sockets, "-c", "cron.use_background_workers=on"}
	for _, setting := range settings {
		arguments = append(arguments, "-c", setting)
	}
	server, err := startProcess(exec.Command(programs+"postgres", arguments...))
	if err != nil {
		return nil, err
	}
	database := &Database{Sockets: sockets, data: data, server: server}
	deadline := time.Now().Add(startTimeout)
	for exec.Command(programs+"pg_isready", "-q", "-h", sockets, "-U", "postgres").Run() != nil {
		select {
		case <-server.Ended:
			return nil, errors.New("PostgreSQL did not start")
		case <-time.After(20 * time.Millisecond):
		}
		if time.Now().After(deadline) {
			database.Stop()
			return nil, errors.New("PostgreSQL did not start in time")
		}
	}
	return database, nil
}

// Ended is closed when PostgreSQL ends.
func (d *Database) Ended() <-chan struct{} { return d.server.Ended }

// Stop ends PostgreSQL and waits for it.
func (d *Database) Stop() { d.server.Stop(syscall.SIGINT) }

// AddUser makes a user who may do everything; roles do not limit users here.
func (d *Database) AddUser(name, password string) error {
	const statement = `\getenv username STAND_IN_USER
\getenv password STAND_IN_PASSWORD
SELECT documentdb_api.create_user(json_build_object(
  'createUser', :'username', 'pwd', :'password', 'roles', json_build_array(
    json_build_object('role', 'readWriteAnyDatabase', 'db', 'admin'),
    json_build_object('role', 'clusterAdmin', 'db', 'admin')))::text::documentdb_core.bson);`
	return run(d.ask(statement, "STAND_IN_USER="+name, "STAND_IN_PASSWORD="+password))
}

// HasUsers tells whether anybody was made with AddUser or createUser.
func (d *Database) HasUsers() (bool, error) {
	const statement = `SELECT count(*) FROM pg_roles WHERE rolcanlogin AND rolname <> 'postgres'
  AND pg_has_role(oid, 'documentdb_admin_role', 'member') AND rolname NOT LIKE 'documentdb\_%'`
	answer, err := d.ask(statement).Output()
	return len(answer) > 0 && answer[0] != '0', err
}

func (d *Database) ask(statement string, environment ...string) *exec.Cmd {
	command := exec.Command("psql", "-h", d.Sockets, "-U", "postgres", "-qAt", "-v", "ON_ERROR_STOP=1")
	command.Stdin = strings.NewReader(statement)
	command.Env = append(os.Environ(), environment...)
	return command
}

// Serve starts FerretDB in front of the database.
func (d *Database) Serve(auth bool, options ...string) (*Process, error) {
	where := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/postgres", RawQuery: "pool_min_conns=1&host=" + url.QueryEscape(d.Sockets)}
	authentication := "--no-auth"
	if auth {
		authentication = "--auth"
	}
	arguments := append([]string{
		"--postgresql-url=" + where.String(), authentication,
		"--telemetry=disable", "--state-dir=" + d.Sockets, "--debug-addr=-", "--log-format=mongo",
	}, options...)
	return startProcess(exec.Command("ferretdb", arguments...))
}

// Version is FerretDB's, empty where it does not say it.
func Version() string {
	text, _ := exec.Command("ferretdb", "--version").Output()
	for line := range strings.Lines(string(text)) {
		if version, found := strings.CutPrefix(line, "version:"); found {
			return strings.TrimSpace(version)
		}
	}
	return ""
}
