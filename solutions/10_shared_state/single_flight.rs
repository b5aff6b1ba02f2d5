//! All requests of a program share a session, and one login.
//!
//! Why the server saw 50 logins: each caller found no token, and went to get one. Between the look and the
//! `get_or_init` is the login, and while it lasts, nothing tells the next caller that somebody is at it already.
//!
//! `tokio::sync::OnceCell` knows three states: empty, being filled, full. `get_or_try_init` lets one caller fill it,
//! and all others sleep. If that one fails, panics or is dropped, the cell is empty again, and the next in line tries.
//! A flag of your own, `loading = true`, stays set when its caller is dropped at the await; here the permit comes back
//! by `Drop`.
//!
//! An async `Mutex<Option<String>>` that is held during the login is as good, and the right choice for a token that
//! expires and has to be renewed. That lock is held across I/O, unlike in `slow_lock`. The callers who wait for it
//! could do nothing else anyway: all of them need this one value.

use std::sync::Arc;

use tokio::sync::OnceCell;

/// Why the server refused a login.
#[derive(Debug, Clone, PartialEq)]
pub struct Denied(pub String);

/// Where to log in. Tests bring their own.
pub trait Server: Send + Sync + 'static {
    fn log_in(&self) -> impl Future<Output = Result<String, Denied>> + Send;
}

#[derive(Default)]
pub struct Session {
    token: OnceCell<String>,
}

impl Session {
    pub async fn token<S: Server>(&self, server: &S) -> Result<String, Denied> {
        let token = self.token.get_or_try_init(|| server.log_in()).await?;
        Ok(token.clone())
    }
}

struct Portal;

impl Server for Portal {
    async fn log_in(&self) -> Result<String, Denied> {
        println!("a login");
        tokio::task::yield_now().await;
        Ok("s3cr3t".to_owned())
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let session = Arc::new(Session::default());
    let requests = [(); 3].map(|()| {
        let session = session.clone();
        tokio::spawn(async move { session.token(&Portal).await })
    });
    for request in requests {
        println!("{:?}", request.await.unwrap());
    }
}
