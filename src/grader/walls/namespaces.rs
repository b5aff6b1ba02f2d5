//! Namespaces: the processes, mounts, network, names and shared memory of the machine are out of reach from within.

use std::fs;

use nix::sched::{CloneFlags, unshare};
use nix::unistd::{Gid, Uid, setgroups, setresgid, setresuid};
use rustix::net::netlink::SocketAddrNetlink;
use rustix::net::{AddressFamily, SendFlags, SocketType, sendto, socket};
use rustix::process::DumpableBehavior;

/// Who owns nothing.
pub(super) const NOBODY: u32 = 65534;

/// Who the child must still become.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StepDown {
    /// It has the rights of root, and gives them up.
    FromRoot,
    /// It has the rights of an ordinary user, and is nobody already.
    Done,
}

/// Leaves the machine's namespaces. The namespace of processes is that of children, not of this process.
///
/// Root makes them with its own rights, so that it can open folders that are its own, and the child steps down later.
/// Others get those rights from a user namespace.
pub(super) fn separate() -> Result<StepDown, String> {
    let own = CloneFlags::CLONE_NEWNS
        | CloneFlags::CLONE_NEWPID
        | CloneFlags::CLONE_NEWIPC
        | CloneFlags::CLONE_NEWUTS
        | CloneFlags::CLONE_NEWNET;
    if rustix::process::geteuid().is_root() && has_nobody() && unshare(own).is_ok() {
        return Ok(StepDown::FromRoot);
    }
    let (user, group) = (rustix::process::geteuid().as_raw(), rustix::process::getegid().as_raw());
    unshare(CloneFlags::CLONE_NEWUSER | own)
        .map_err(|error| format!("cannot be made: {error}{}", why_not()))?;
    become_nobody(user, group)?;
    Ok(StepDown::Done)
}

/// Whether there is such a user here: root of a user namespace may be its only one.
fn has_nobody() -> bool {
    let maps = ["uid_map", "gid_map"].map(|file| fs::read_to_string(format!("/proc/self/{file}")));
    maps.iter().all(|map| map.as_ref().is_ok_and(|map| map.lines().any(maps_nobody)))
}

/// A line of a map: the first user inside, the first one outside, and how many there are.
fn maps_nobody(line: &str) -> bool {
    let mut numbers = line.split_whitespace().map(|number| number.parse::<u64>().unwrap_or_default());
    let (first, _, count) = (numbers.next(), numbers.next(), numbers.next());
    let range =
        first.unwrap_or_default()..first.unwrap_or_default().saturating_add(count.unwrap_or_default());
    range.contains(&u64::from(NOBODY))
}

/// Root becomes nobody, in a user namespace of its own: only there is the number of its threads counted apart from that
/// of all others.
pub(super) fn step_down() -> Result<(), String> {
    let fail = |error| format!("root cannot become nobody: {error}{}", why_not());
    let (user, group) = (Uid::from_raw(NOBODY), Gid::from_raw(NOBODY));
    setgroups(&[]).map_err(fail)?;
    setresgid(group, group, group).map_err(fail)?;
    setresuid(user, user, user).map_err(fail)?;
    // After a change of users `/proc/self` is root's; this gives it back.
    rustix::process::set_dumpable_behavior(DumpableBehavior::Dumpable)
        .map_err(|error| format!("cannot own itself: {error}"))?;
    unshare(CloneFlags::CLONE_NEWUSER).map_err(fail)?;
    become_nobody(NOBODY, NOBODY)
}

/// Inside the new user namespace this process is `nobody`: with the next `exec` it loses the rights that making the
/// namespace gave it.
fn become_nobody(user: u32, group: u32) -> Result<(), String> {
    let write = |file: &str, text: String| {
        fs::write(format!("/proc/self/{file}"), text)
            .map_err(|error| format!("cannot write /proc/self/{file}: {error}{}", why_not()))
    };
    write("setgroups", "deny".to_owned())?;
    write("uid_map", format!("{NOBODY} {user} 1"))?;
    write("gid_map", format!("{NOBODY} {group} 1"))
}

/// Which setting of the machine forbids user namespaces, as far as it can be seen.
pub(super) fn why_not() -> String {
    let value = |path: &str| fs::read_to_string(path).map(|text| text.trim().to_owned()).unwrap_or_default();
    let settings = [
        ("user.max_user_namespaces", "0", "a number above 0"),
        ("kernel.unprivileged_userns_clone", "0", "1"),
        ("kernel.apparmor_restrict_unprivileged_userns", "1", "0"),
    ];
    let found: Vec<String> = settings
        .iter()
        .filter(|(name, bad, _)| value(&format!("/proc/sys/{}", name.replace('.', "/"))) == *bad)
        .map(|(name, bad, good)| format!("sysctl {name} is {bad} and must be {good}"))
        .collect();
    if found.is_empty() {
        "; a container must allow unshare, mount, umount2, pivot_root, open_tree, move_mount and sethostname (docs/bootcamps.md)"
            .to_owned()
    } else {
        format!("; {}", found.join(", "))
    }
}

/// Asks the kernel (rtnetlink) to set interface 1, which is `lo` in every namespace, up.
pub(super) fn loopback_up() -> Result<(), String> {
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
    let asked = socket(AddressFamily::NETLINK, SocketType::RAW, None).and_then(|socket| {
        // Protocol 0 of that family is NETLINK_ROUTE.
        sendto(&socket, &message, SendFlags::empty(), &SocketAddrNetlink::new(0, 0))
    });
    asked.map(drop).map_err(|error| format!("the loopback interface stays down: {error}"))
}

#[cfg(test)]
mod tests {
    use super::maps_nobody;

    #[test]
    fn a_map_of_users_has_nobody_or_has_not() {
        assert!(maps_nobody("         0          0 4294967295"));
        assert!(maps_nobody("0 100000 65536"));
        assert!(!maps_nobody("         0       1000          1"));
        assert!(!maps_nobody("0 100000 65534"));
        assert!(!maps_nobody(""));
    }
}
