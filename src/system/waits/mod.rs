//! What a sleeping thread waits for: whether the clock will wake it. Only Linux tells.

mod alarm;
#[cfg(target_os = "linux")]
mod linux;

pub(crate) use alarm::Alarm;
#[cfg(target_os = "linux")]
pub(crate) use linux::alarm_of;
