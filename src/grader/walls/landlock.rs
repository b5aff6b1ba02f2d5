//! Files: Landlock, an allow list that the kernel enforces on this process and on what it becomes.

use std::path::PathBuf;

use landlock::{
    ABI, Access, AccessFs, CompatLevel, Compatible, Ruleset, RulesetAttr, RulesetCreatedAttr, RulesetStatus,
    Scope, path_beneath_rules,
};

use super::Walls;
use super::root::TEXTS;

/// The rules of the kernel interface that this was written against; older kernels enforce the part that they know.
const KNOWN: ABI = ABI::V6;

/// Closes the file system but for what `walls` opens.
pub(super) fn restrict(walls: &Walls) -> Result<String, String> {
    let fail = |error: &dyn std::fmt::Display| format!("Landlock refuses: {error}");
    let all = AccessFs::from_all(KNOWN);
    let ruleset = Ruleset::default()
        // Without this there is no wall at all; the rest is what the kernel can add.
        .set_compatibility(CompatLevel::HardRequirement)
        .handle_access(AccessFs::from_all(ABI::V1))
        .map_err(|_| {
            "this kernel has no Landlock (Linux 5.13 or later, with landlock among its LSMs)".to_owned()
        })?
        .set_compatibility(CompatLevel::BestEffort)
        .handle_access(all)
        .and_then(|ruleset| ruleset.scope(Scope::from_all(KNOWN)))
        .and_then(Ruleset::create)
        .map_err(|error| fail(&error))?;
    let read = AccessFs::ReadFile | AccessFs::ReadDir;
    let status = ruleset
        .add_rules(path_beneath_rules(paths(&walls.read), read))
        .and_then(|ruleset| ruleset.add_rules(path_beneath_rules(TEXTS.iter().map(|(file, _)| file), read)))
        .and_then(|ruleset| ruleset.add_rules(path_beneath_rules(paths(&walls.copies), read)))
        .and_then(|ruleset| {
            ruleset.add_rules(path_beneath_rules(paths(&walls.execute), read | AccessFs::Execute))
        })
        .and_then(|ruleset| {
            let writable = paths(&walls.write).chain([&walls.scratch]);
            ruleset.add_rules(path_beneath_rules(writable, all & !AccessFs::Execute))
        })
        .and_then(|ruleset| {
            // Programs silence others by writing there.
            ruleset.add_rules(path_beneath_rules(["/dev/null"], AccessFs::ReadFile | AccessFs::WriteFile))
        })
        .and_then(landlock::RulesetCreated::restrict_self)
        .map_err(|error| fail(&error))?;
    match status.ruleset {
        RulesetStatus::FullyEnforced => Ok("Landlock, with signals and abstract sockets".to_owned()),
        RulesetStatus::PartiallyEnforced => Ok("Landlock".to_owned()),
        RulesetStatus::NotEnforced => Err("this kernel does not enforce Landlock".to_owned()),
    }
}

fn paths(paths: &[PathBuf]) -> impl Iterator<Item = &PathBuf> {
    paths.iter()
}
