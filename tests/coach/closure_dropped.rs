//! situation: closure_dropped
//! says: two steps

pub fn run() {
    async || 1;
}
