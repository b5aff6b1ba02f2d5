//! Network: a namespace of its own, in which there is nothing but a loopback interface.

use std::fs;

use nix::sched::{CloneFlags, unshare};
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, SendFlags, SocketType, sendto, socket};

/// Leaves the machine's network. Without `loopback` there is nothing to leave it for: sockets are forbidden
/// altogether, which costs less.
pub(super) fn separate_network(loopback: bool) -> Result<String, String> {
    if !loopback {
        return Ok("no sockets".to_owned());
    }
    let (user, group) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    match unshare(CloneFlags::CLONE_NEWUSER | CloneFlags::CLONE_NEWNET) {
        Ok(()) => become_nobody(user, group)?,
        // Where users may not make user namespaces, the system's administrator may still make network namespaces.
        Err(first) => unshare(CloneFlags::CLONE_NEWNET).map_err(|_| {
            format!("no network namespace can be made: {first}; user namespaces must be allowed (sysctl user.max_user_namespaces, and in a container `--security-opt seccomp=…` with unshare)")
        })?,
    }
    loopback_up().map_err(|error| format!("the loopback interface stays down: {error}"))?;
    Ok("own namespace, loopback only".to_owned())
}

/// Inside the new user namespace this process is `nobody`: with the next `exec` it loses the rights that making the
/// namespace gave it.
fn become_nobody(user: u32, group: u32) -> Result<(), String> {
    const NOBODY: u32 = 65534;
    let write = |file: &str, text: String| {
        fs::write(format!("/proc/self/{file}"), text)
            .map_err(|error| format!("cannot write /proc/self/{file}: {error}"))
    };
    write("setgroups", "deny".to_owned())?;
    write("uid_map", format!("{NOBODY} {user} 1"))?;
    write("gid_map", format!("{NOBODY} {group} 1"))
}

/// Asks the kernel (rtnetlink) to set interface 1, which is `lo` in every namespace, up.
fn loopback_up() -> rustix::io::Result<()> {
    const RTM_NEWLINK: u16 = 16;
    const NLM_F_REQUEST: u16 = 1;
    const IFF_UP: u32 = 1;
    const LOOPBACK: i32 = 1;
    // struct nlmsghdr, then struct ifinfomsg: 16 bytes each.
    let mut message = Vec::with_capacity(32);
    message.extend_from_slice(&32_u32.to_ne_bytes());
    message.extend_from_slice(&RTM_NEWLINK.to_ne_bytes());
    message.extend_from_slice(&NLM_F_REQUEST.to_ne_bytes());
    message.extend_from_slice(&[0; 8]);
    message.extend_from_slice(&[0; 4]);
    message.extend_from_slice(&LOOPBACK.to_ne_bytes());
    message.extend_from_slice(&IFF_UP.to_ne_bytes());
    message.extend_from_slice(&IFF_UP.to_ne_bytes());
    // Protocol 0 of that family is NETLINK_ROUTE.
    let socket = socket(AddressFamily::NETLINK, SocketType::RAW, None)?;
    sendto(&socket, &message, SendFlags::empty(), &SocketAddrNetlink::new(0, 0)).map(drop)
}
