//! fails: it_returns_when_the_login_is_done
//! says: It takes as long as it takes

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
        let day = std::time::Duration::from_secs(24 * 60 * 60);
        let login = self.token.get_or_try_init(|| server.log_in());
        match tokio::time::timeout(day, login).await {
            Ok(token) => token.cloned(),
            Err(_) => Err(Denied("the server does not answer".to_owned())),
        }
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
