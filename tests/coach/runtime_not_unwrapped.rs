//! situation: runtime_not_unwrapped
//! says: `block_on` belongs

use tokio::runtime::Runtime;
pub fn run() {
    let rt = Runtime::new();
    rt.block_on(async {});
}
