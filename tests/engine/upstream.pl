# An upstream that shows what arrived, byte for byte.
#   /hold    half an answer, the rest after somebody asked for /go
#   /take    as anything else; meanwhile /seen says how many bytes of its body are here
#   /break   ends in the middle of its answer; /silent: before it
#   else     the request's head as it came, then `body N SUM`
use strict;
use warnings;
use IO::Socket::INET;
$SIG{TERM} = sub { exit 0 };
$SIG{CHLD} = 'IGNORE';
my $listener = IO::Socket::INET->new(LocalPort => 8080, Listen => 64, ReuseAddr => 1) or die "listen: $!";

sub note { my ($file, $text) = @_; open my $out, '>', "$file.new" or die; print $out $text; close $out; rename "$file.new", $file }
sub noted { my ($file) = @_; open my $in, '<', $file or return ''; local $/; return <$in> // '' }

sub answer {
    my ($connection) = @_;
    my ($head, $length) = ('', 0);
    # Byte by byte: what is buffered here would be missing from the body.
    while ($head !~ /\r\n\r\n\z/) { $connection->sysread($head, 1, length $head) or return }
    $head =~ s/\r\n\z//;
    $length = $1 if $head =~ /^Content-Length: *(\d+)/im;
    my $start = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n";
    if ($head =~ m{^GET /hold }) {
        unlink '/tmp/go';
        print $connection $start, "\r\nfirst half\n";
        for (1 .. 600) { last if -e '/tmp/go'; select undef, undef, undef, 0.05 }
        print $connection "second half\n";
        return;
    }
    if ($head =~ m{^GET /break }) { print $connection $start, "Content-Length: 1000\r\n\r\nonly this"; return }
    return if $head =~ m{^GET /silent };
    note('/tmp/go', 1) if $head =~ m{^GET /go };
    my ($seen, $sum, $chunk) = (0, 0, '');
    note('/tmp/seen', 0) if $head =~ m{^POST /take };
    while ($seen < $length && (my $read = $connection->sysread($chunk, 65536))) {
        $seen += $read;
        $sum = ($sum + unpack '%32C*', $chunk) % 1_000_000_007;
        note('/tmp/seen', $seen) if $head =~ m{^POST /take };
    }
    my $body = $head =~ m{^GET /seen } ? noted('/tmp/seen') : "$head\nbody $seen $sum\n";
    print $connection $start, 'Content-Length: ', length $body, "\r\n\r\n", $body;
}

while (1) {
    my $connection = $listener->accept or next;
    my $child = fork;
    if (defined $child && $child == 0) {
        $SIG{TERM} = 'DEFAULT';
        $connection->autoflush(1);
        answer($connection);
        close $connection;
        exit 0;
    }
    close $connection;
}
