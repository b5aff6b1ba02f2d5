//! Processes: a filter of system calls. A test may have threads, but no processes: so a flood of forks, an orphan in
//! another session and a grandchild that holds a pipe cannot even begin.

use std::collections::BTreeMap;

use seccompiler::{
    BpfProgram, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition, SeccompFilter, SeccompRule,
    apply_filter,
};

use super::Walls;

/// Calls that no exercise makes and that reach out of a process: into other processes, other namespaces, the kernel.
const NEVER: &[i64] = &[
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_open,
    libc::SYS_pidfd_getfd,
    libc::SYS_pidfd_send_signal,
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_io_uring_setup,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_setsid,
    libc::SYS_setpgid,
];

/// Forbids what `walls` does not allow.
pub(super) fn restrict(walls: &Walls) -> Result<String, String> {
    let mut rules: BTreeMap<i64, Vec<SeccompRule>> = BTreeMap::new();
    for call in NEVER {
        rules.insert(*call, Vec::new());
    }
    let fail = |error: &dyn std::fmt::Display| format!("a system call filter cannot be made: {error}");
    // Unix sockets go by paths, and before Linux 6.18 no rule about files applies to connecting.
    // An empty list of rules forbids the call whatever its arguments.
    let sockets = if walls.loopback {
        vec![other_than(&[libc::AF_INET, libc::AF_INET6]).map_err(|error| fail(&error))?]
    } else {
        Vec::new()
    };
    rules.insert(libc::SYS_socket, sockets);
    if !walls.children {
        #[cfg(target_arch = "x86_64")]
        for call in [libc::SYS_fork, libc::SYS_vfork] {
            rules.insert(call, Vec::new());
        }
        let thread = libc::CLONE_THREAD as u64;
        let process = SeccompCondition::new(0, SeccompCmpArgLen::Qword, SeccompCmpOp::MaskedEq(thread), 0)
            .and_then(|condition| SeccompRule::new(vec![condition]))
            .map_err(|error| fail(&error))?;
        rules.insert(libc::SYS_clone, vec![process]);
        // Its arguments are behind a pointer, where no filter can see. "No such call" makes the C library use `clone`.
        let unknown = BTreeMap::from([(libc::SYS_clone3, Vec::new())]);
        apply(unknown, libc::ENOSYS).map_err(|error| fail(&error))?;
    }
    apply(rules, libc::EPERM).map_err(|error| fail(&error))?;
    Ok("seccomp".to_owned())
}

/// Matches a `socket` call for any family but these.
fn other_than(families: &[i32]) -> seccompiler::Result<SeccompRule> {
    let conditions = families
        .iter()
        .map(|family| {
            SeccompCondition::new(
                0,
                SeccompCmpArgLen::Dword,
                SeccompCmpOp::Ne,
                u64::from(family.unsigned_abs()),
            )
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(SeccompRule::new(conditions)?)
}

fn apply(rules: BTreeMap<i64, Vec<SeccompRule>>, error: i32) -> Result<(), seccompiler::Error> {
    let architecture = std::env::consts::ARCH.try_into().map_err(seccompiler::Error::Backend)?;
    let refuse = SeccompAction::Errno(error.unsigned_abs());
    let filter = SeccompFilter::new(rules, SeccompAction::Allow, refuse, architecture)
        .map_err(seccompiler::Error::Backend)?;
    let program: BpfProgram = filter.try_into().map_err(seccompiler::Error::Backend)?;
    apply_filter(&program)
}
