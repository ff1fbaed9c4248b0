// Package options reads the arguments of mongod that the stand-in knows, and refuses all others as mongod does.
package options

import (
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// Options are the arguments as values.
type Options struct {
	Set     string
	KeyFile string
	// Address is what is listened on, empty for every address.
	Address string
	Port    int
	Data    string
	Auth    bool
	Version bool
	// Shutdown is how long a member that is told to end waits for clients to look for the new primary.
	Shutdown time.Duration
}

// ErrUsage is what a mistake in the arguments is; mongod ends with code 2.
var ErrUsage = errors.New("try 'mongod --help' for more information")

var (
	switches = []string{"auth", "bind_ip_all", "quiet", "version"}
	// Those after the first five are taken and mean nothing here.
	valued = []string{"bind_ip", "dbpath", "keyFile", "port", "replSet", "setParameter", "oplogSize", "wiredTigerCacheSizeGB"}
	// mongod knows these, the stand-in does not.
	unsupported = []string{
		"config", "f", "configsvr", "directoryperdb", "enableMajorityReadConcern", "fork", "ipv6", "logpath", "noauth", "profile",
		"repair", "restore", "shardsvr", "shutdown", "storageEngine", "tlsMode", "transitionToAuth", "unixSocketPrefix",
	}
)

// Parse reads the arguments without the program's name.
func Parse(arguments []string) (Options, error) {
	options := Options{Port: 27017, Data: "/data/db", Shutdown: 15 * time.Second, Address: "127.0.0.1"}
	bound := false
	for len(arguments) > 0 {
		name, value, given := strings.Cut(strings.TrimPrefix(arguments[0], "--"), "=")
		argument := arguments[0]
		arguments = arguments[1:]
		switch {
		case !strings.HasPrefix(argument, "--"):
			return options, fmt.Errorf("Error parsing command line: too many positional options have been specified on the command line\n%w", ErrUsage)
		case among(switches, name):
		case among(valued, name):
			if !given {
				if len(arguments) == 0 {
					return options, fmt.Errorf("Error parsing command line: the required argument for option '--%s' is missing\n%w", name, ErrUsage)
				}
				value, arguments = arguments[0], arguments[1:]
			}
		case among(unsupported, name):
			return options, fmt.Errorf("stand-in: not supported: --%s", name)
		default:
			return options, fmt.Errorf("Error parsing command line: unrecognised option '%s'\n%w", argument, ErrUsage)
		}
		if err := options.take(name, value); err != nil {
			return options, err
		}
		bound = bound || name == "bind_ip" || name == "bind_ip_all"
	}
	// The public image's entry point adds --bind_ip_all where no address is named; here the program does.
	if !bound {
		options.Address = ""
	}
	options.Auth = options.Auth || options.KeyFile != ""
	if options.Set != "" && options.Auth && options.KeyFile == "" {
		return options, fmt.Errorf("BadValue: security.keyFile is required when authorization is enabled with replica sets\n%w", ErrUsage)
	}
	return options, nil
}

func (o *Options) take(name, value string) error {
	switch name {
	case "auth":
		o.Auth = true
	case "version":
		o.Version = true
	case "bind_ip_all":
		o.Address = ""
	case "bind_ip":
		o.Address = value
		if strings.Contains(value, ",") || value == "*" {
			o.Address = ""
		}
	case "dbpath":
		o.Data = value
	case "keyFile":
		o.KeyFile = value
	case "replSet":
		o.Set = value
	case "port":
		port, err := strconv.Atoi(value)
		if err != nil || port < 0 || port > 65535 {
			return fmt.Errorf("Error parsing command line: the argument ('%s') for option '--port' is invalid\n%w", value, ErrUsage)
		}
		o.Port = port
	case "setParameter":
		key, text, found := strings.Cut(value, "=")
		if !found {
			return fmt.Errorf("BadValue: Illegal option assignment: \"%s\"\n%w", value, ErrUsage)
		}
		if key == "shutdownTimeoutMillisForSignaledShutdown" {
			milliseconds, err := strconv.ParseUint(text, 10, 31)
			if err != nil {
				return fmt.Errorf("BadValue: Invalid value for parameter %s: %s\n%w", key, text, ErrUsage)
			}
			o.Shutdown = time.Duration(milliseconds) * time.Millisecond
		}
	}
	return nil
}

func among(names []string, name string) bool {
	for _, known := range names {
		if known == name {
			return true
		}
	}
	return false
}
