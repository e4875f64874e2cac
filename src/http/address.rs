//! Where a request comes from: the peer, or what a trusted proxy says of it.

use std::net::IpAddr;

use axum::http::HeaderMap;
use ipnet::IpNet;

/// The address a request comes from. Proxies append whom they heard it from, so that the list is read
/// from its end, for as long as who wrote an entry is trusted.
pub(super) fn of(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let stated = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let stated: Vec<_> = stated.flat_map(|value| value.split(',')).map(str::trim).collect();
    let mut address = peer.to_canonical();
    for stated in stated.into_iter().rev() {
        if !is_trusted(&address) {
            break;
        }
        match stated.parse::<IpAddr>() {
            Ok(stated) => address = stated.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

/// Whether the proxy that a request comes from was asked by https, where it is trusted.
pub(super) fn came_by_https(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> bool {
    let peer = peer.to_canonical();
    let stated = headers.get_all("x-forwarded-proto").iter().next_back();
    let stated = stated.and_then(|value| value.to_str().ok()?.rsplit(',').next());
    trusted.iter().any(|network| network.contains(&peer))
        && stated.is_some_and(|stated| stated.trim().eq_ignore_ascii_case("https"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn from(peer: &str, forwarded: &[&str], trusted: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for value in forwarded {
            headers.append("x-forwarded-for", value.parse().unwrap());
        }
        let trusted: Vec<_> = trusted.iter().map(|network| network.parse().unwrap()).collect();
        of(peer.parse().unwrap(), &headers, &trusted).to_string()
    }

    #[test]
    fn https_is_what_a_trusted_proxy_says() {
        let by_https = |peer: &str, stated: &[&str], trusted: &[&str]| {
            let values = stated.iter().map(|stated| stated.parse().unwrap());
            let name = axum::http::HeaderName::from_static("x-forwarded-proto");
            let headers = values.map(|value| (name.clone(), value)).collect();
            let trusted: Vec<_> = trusted.iter().map(|network| network.parse().unwrap()).collect();
            came_by_https(peer.parse().unwrap(), &headers, &trusted)
        };
        assert!(by_https("10.0.0.1", &["https"], &["10.0.0.0/8"]));
        assert!(by_https("::ffff:10.0.0.1", &["http, HTTPS"], &["10.0.0.0/8"]));
        assert!(!by_https("10.0.0.1", &["https, http"], &["10.0.0.0/8"]));
        assert!(!by_https("10.0.0.1", &[], &["10.0.0.0/8"]));
        assert!(!by_https("203.0.113.5", &["https"], &["10.0.0.0/8"]));
    }

    #[test]
    fn nobody_unknown_is_believed() {
        assert_eq!(from("203.0.113.5", &["198.51.100.1"], &[]), "203.0.113.5");
        assert_eq!(from("203.0.113.5", &["198.51.100.1"], &["10.0.0.0/8"]), "203.0.113.5");
    }

    #[test]
    fn a_trusted_proxy_is_believed_as_far_as_it_heard_itself() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(from("10.0.0.1", &["198.51.100.1"], &trusted), "198.51.100.1");
        // What the sender made up stands before what the proxy appended.
        assert_eq!(from("10.0.0.1", &["1.2.3.4, 198.51.100.1"], &trusted), "198.51.100.1");
        assert_eq!(from("10.0.0.1", &["198.51.100.1, 10.0.0.2"], &trusted), "198.51.100.1");
        assert_eq!(from("::ffff:10.0.0.1", &["198.51.100.1"], &trusted), "198.51.100.1");
        assert_eq!(from("10.0.0.1", &["nonsense"], &trusted), "10.0.0.1");
        assert_eq!(from("10.0.0.1", &[], &trusted), "10.0.0.1");
    }
}
