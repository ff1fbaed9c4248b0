//! The kernel's tables of sockets, as text (`/proc/net/tcp` and the like) to values; pure.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// A socket that is bound to a port; of TCP, one that listens.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Bound {
    /// An IPv4 address that was written as IPv6 is IPv4.
    pub(super) address: IpAddr,
    pub(super) port: u16,
    /// The user whose it is.
    pub(super) user: u32,
    /// What `/proc/PID/fd` calls it.
    pub(super) inode: u64,
}

/// The state of a TCP socket that listens.
const LISTENS: &str = "0A";

/// The sockets of a table; a line that is none is passed over. `tcp`: only those that listen.
pub(super) fn parse(table: &str, tcp: bool) -> Vec<Bound> {
    table.lines().filter_map(|line| bound(line, tcp)).collect()
}

/// `0: 0100007F:2329 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000  0 4242 1 ...`: number, local and remote
/// address, state, queues, timer, retransmits, user, timeout, inode.
fn bound(line: &str, tcp: bool) -> Option<Bound> {
    let mut fields = line.split_whitespace().skip(1);
    let (address, port) = fields.next()?.split_once(':')?;
    let state = fields.nth(1)?;
    if tcp && state != LISTENS {
        return None;
    }
    let user = fields.nth(3)?.parse().ok()?;
    let inode = fields.nth(1)?.parse().ok()?;
    Some(Bound { address: ip(address)?, port: u16::from_str_radix(port, 16).ok()?, user, inode })
}

/// Words of 32 bits, each printed as a number of this machine's byte order.
fn ip(digits: &str) -> Option<IpAddr> {
    let word = |from: usize| u32::from_str_radix(digits.get(from..from + 8)?, 16).ok().map(u32::to_ne_bytes);
    match digits.len() {
        8 => Some(Ipv4Addr::from(word(0)?).into()),
        32 => {
            let words = [word(0)?, word(8)?, word(16)?, word(24)?];
            let bytes: [u8; 16] = words.concat().try_into().ok()?;
            Some(IpAddr::from(Ipv6Addr::from(bytes)).to_canonical())
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TCP: &str = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2329 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 41 1 0000000000000000 100 0 0 10 0
   1: 0200007F:2329 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 42 1 0000000000000000 100 0 0 10 0
   2: 0100007F:2329 0100007F:C350 01 00000000:00000000 00:00000000 00000000  1000        0 43 1 0000000000000000 20 4 30 10 -1
   3: 00000000:0050 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 44 1 0000000000000000 100 0 0 10 0
   4: nonsense
";
    const TCP6: &str = "\
  sl  local_address                         remote_address                        st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 00000000000000000000000000000000:2329 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 51 1 0000000000000000 100 0 0 10 0
   1: 0000000000000000FFFF00000100007F:2329 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 52 1 0000000000000000 100 0 0 10 0
   2: 00000000000000000000000001000000:2329 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 53 1 0000000000000000 100 0 0 10 0
";
    const UDP: &str = "\
   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
13215: 0100007F:98BD 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 61 2 0000000000000000 0
";

    fn shown(table: &str, tcp: bool) -> Vec<String> {
        let line =
            |one: &Bound| format!("{} {} user {} inode {}", one.address, one.port, one.user, one.inode);
        parse(table, tcp).iter().map(line).collect()
    }

    #[test]
    fn of_tcp_only_what_listens_counts() {
        assert_eq!(
            shown(TCP, true),
            [
                "127.0.0.1 9001 user 1000 inode 41",
                "127.0.0.2 9001 user 0 inode 42",
                "0.0.0.0 80 user 0 inode 44"
            ]
        );
    }

    #[test]
    fn an_ipv4_address_in_the_table_of_ipv6_is_one() {
        assert_eq!(
            shown(TCP6, true),
            [":: 9001 user 0 inode 51", "127.0.0.1 9001 user 0 inode 52", "::1 9001 user 0 inode 53"]
        );
    }

    #[test]
    fn a_udp_socket_counts_in_any_state() {
        assert_eq!(shown(UDP, false), ["127.0.0.1 39101 user 0 inode 61"]);
        assert_eq!(shown(UDP, true), Vec::<String>::new());
    }
}
