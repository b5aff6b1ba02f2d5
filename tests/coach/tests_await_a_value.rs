//! situation: tests_await_a_value
//! says: it returns `u32`
//! exercise: moved

pub fn run() -> u32 {
    1
}
