//! Where the address of a client is read from.

use std::net::{IpAddr, SocketAddr};

/// Who says which address a client has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClientAddress {
    /// Cloudflare, in `CF-Connecting-IP`.
    Cloudflare,
    /// The connection, and proxies in front that are trusted.
    Connection { trusted: Vec<Network> },
}

impl ClientAddress {
    /// The client's address, where the connection tells it: the connection's other end (`peer`, as `address:port`), or,
    /// where that is a trusted proxy, the last of `forwarded_for` (the header `X-Forwarded-For`) that is none.
    ///
    /// Each proxy adds at the end by whom it was called. What stands before the client's own address may have been written by
    /// anybody.
    pub fn find(&self, peer: &str, forwarded_for: &str) -> Option<IpAddr> {
        let Self::Connection { trusted } = self else { return None };
        let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.has(*address));
        let mut client = read_address(peer)?;
        let mut hops = forwarded_for.rsplit(',');
        while is_trusted(&client)
            && let Some(next) = hops.next().and_then(read_address)
        {
            client = next;
        }
        Some(client)
    }
}

fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.trim();
    let bare = text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(text);
    let address = bare.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|both| both.ip()));
    address.map(|address: IpAddr| address.to_canonical())
}

/// The addresses that begin with the same bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Network {
    address: IpAddr,
    bits: u32,
}

impl Network {
    /// Reads an address, or addresses such as `10.0.0.0/8` and `fd00::/8`.
    pub fn parse(text: &str) -> Option<Self> {
        let (address, bits) = match text.trim().split_once('/') {
            Some((address, bits)) => (address, Some(bits.parse().ok()?)),
            None => (text.trim(), None),
        };
        let address: IpAddr = address.parse().ok()?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits: u32 = bits.unwrap_or(most);
        if bits > most {
            return None;
        }
        // An IPv4 address in the form of IPv6, as clients' addresses are read.
        match address.to_canonical() {
            canonical if canonical != address => Some(Self { address: canonical, bits: bits.checked_sub(96)? }),
            _ => Some(Self { address, bits }),
        }
    }

    fn has(&self, address: IpAddr) -> bool {
        match (self.address, address) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let differs = own.to_bits() ^ other.to_bits();
                differs.leading_zeros() >= self.bits
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let differs = own.to_bits() ^ other.to_bits();
                differs.leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find(trusted: &str, peer: &str, forwarded_for: &str) -> String {
        let trusted = trusted.split_whitespace().map(|text| Network::parse(text).unwrap()).collect();
        let found = ClientAddress::Connection { trusted }.find(peer, forwarded_for);
        found.map(|address| address.to_string()).unwrap_or_default()
    }

    #[test]
    fn nobody_but_a_trusted_proxy_says_who_calls() {
        let proxies = "127.0.0.1 10.0.0.0/8 fd00::/8";
        for (trusted, peer, forwarded_for, expected) in [
            // Nobody is trusted.
            ("", "192.0.2.1:5000", "198.51.100.9", "192.0.2.1"),
            ("", "127.0.0.1:5000", "198.51.100.9", "127.0.0.1"),
            // The peer is no proxy of ours.
            (proxies, "192.0.2.1:5000", "198.51.100.9", "192.0.2.1"),
            (proxies, "127.0.0.1:5000", "", "127.0.0.1"),
            (proxies, "127.0.0.1:5000", "198.51.100.9", "198.51.100.9"),
            // What the client wrote itself stands before what the proxy adds.
            (proxies, "127.0.0.1:5000", "203.0.113.7, 198.51.100.9", "198.51.100.9"),
            (proxies, "127.0.0.1:5000", "127.0.0.1, 198.51.100.9", "198.51.100.9"),
            (proxies, "127.0.0.1:5000", "203.0.113.7,198.51.100.9 , 10.1.2.3", "198.51.100.9"),
            // A proxy that names nobody, or what is no address, is all that is known.
            (proxies, "127.0.0.1:5000", "198.51.100.9, unknown", "127.0.0.1"),
            (proxies, "127.0.0.1:5000", "198.51.100.9, unknown, 10.1.2.3", "10.1.2.3"),
            (proxies, "127.0.0.1:5000", "10.9.9.9, 10.1.2.3", "10.9.9.9"),
            // Spellings.
            (proxies, "127.0.0.1:5000", "198.51.100.9:443", "198.51.100.9"),
            (proxies, "[fd00::1]:5000", "[2001:db8::5]:443", "2001:db8::5"),
            (proxies, "[::ffff:127.0.0.1]:5000", "2001:db8::5", "2001:db8::5"),
            (proxies, "127.0.0.1:5000", "[2001:db8::5]", "2001:db8::5"),
            (proxies, "", "198.51.100.9", ""),
        ] {
            assert_eq!(find(trusted, peer, forwarded_for), expected, "{trusted}; {peer}; {forwarded_for}");
        }
        assert_eq!(ClientAddress::Cloudflare.find("192.0.2.1:5000", ""), None);
    }

    #[test]
    fn a_network_has_the_addresses_that_begin_like_it() {
        for (network, inside, outside) in [
            ("10.0.0.0/8", "10.255.0.1", "11.0.0.0"),
            ("192.0.2.7", "192.0.2.7", "192.0.2.6"),
            ("192.0.2.128/25", "192.0.2.255", "192.0.2.127"),
            ("0.0.0.0/0", "203.0.113.1", "::1"),
            ("2001:db8::/32", "2001:db8:ffff::1", "2001:db9::"),
            ("::1", "::1", "::2"),
            ("::ffff:127.0.0.1", "127.0.0.1", "127.0.0.2"),
            ("::ffff:10.0.0.0/104", "10.255.0.1", "11.0.0.0"),
        ] {
            let network = Network::parse(network).unwrap();
            assert!(network.has(inside.parse().unwrap()) && !network.has(outside.parse().unwrap()), "{network:?}");
        }
        for wrong in ["", "10.0.0.0/33", "::/129", "10.0.0/8", "10.0.0.0/", "example.com", "10.0.0.0/8/8"] {
            assert_eq!(Network::parse(wrong), None, "{wrong}");
        }
    }
}
