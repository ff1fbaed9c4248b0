# An upstream for the gateway of the contract: answers a request with its own name, and echoes after a WebSocket upgrade.
use strict;
use warnings;
use IO::Socket::INET;
$SIG{TERM} = sub { exit 0 };
my $listener = IO::Socket::INET->new(LocalPort => 8080, Listen => 16, ReuseAddr => 1) or die "listen: $!";
while (1) {
    my $connection = $listener->accept or next;
    $connection->autoflush(1);
    my $upgrade = 0;
    while (defined(my $line = <$connection>)) {
        $upgrade = 1 if $line =~ /^Upgrade: websocket/i;
        last if $line =~ /^\r?\n$/;
    }
    if ($upgrade) {
        print $connection "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n";
        while (defined(my $line = <$connection>)) { print $connection "echo $line" }
    } else {
        my $body = "upstream $ENV{HOSTNAME}\n";
        print $connection "HTTP/1.1 200 OK\r\nContent-Length: " . length($body) . "\r\nConnection: close\r\n\r\n$body";
    }
    close $connection;
}
