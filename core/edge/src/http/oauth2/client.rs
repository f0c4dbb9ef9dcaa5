use super::super::basic_auth::read_basic;
use super::OAuth2Call;
use gatehouse_domain::credential::Derived;
use gatehouse_domain::gate::{verify_app_tag, verify_client_secret};
use gatehouse_domain::oauth2::{ErrorCode, TokenError};
use gatehouse_domain::ports::EdgePorts;
use gatehouse_domain::secret::Secret;
use gatehouse_shared::credential::ClientId;
use gatehouse_shared::model::AppId;

/// A client that is who it says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client {
    pub app_id: AppId,
}

impl<R: EdgePorts> OAuth2Call<'_, R> {
    /// Authenticates the client (RFC 6749 §2.3): a confidential one with its
    /// secret, by HTTP Basic or in the body; a public one names itself.
    pub(super) async fn authenticate(&self) -> Result<Client, TokenError> {
        let refuse = |text: &str| TokenError::invalid_client(text);
        let header = self.request.header("authorization").map(str::trim).filter(|header| !header.is_empty());
        let basic = match header {
            Some(header) => Some(read_basic(header).ok_or_else(|| {
                refuse("The Authorization header isn't valid HTTP Basic. Send client_id:client_secret, both percent-encoded.")
            })?),
            None => None,
        };
        let named = self.params.find("client_id")?;
        let client_id = match (&basic, named) {
            (Some((id, _)), Some(named)) if id != named => {
                return Err(refuse("client_id differs between the Authorization header and the parameters."));
            }
            (Some((id, _)), _) => id.as_str(),
            (None, Some(named)) => named,
            (None, None) => return Err(refuse("client_id is missing.")),
        };
        let in_body = self.params.find("client_secret")?.map(|text| Secret::new(text.to_owned()));
        if let (Some((_, secret)), Some(other)) = (&basic, &in_body)
            && !secret.matches(other.reveal())
        {
            return Err(refuse("client_secret differs between the Authorization header and the parameters."));
        }
        let secret = basic.as_ref().map(|(_, secret)| secret).or(in_body.as_ref());
        let app_id = self.find_client(client_id).await?;
        self.app_id.set(Some(app_id));
        let settings = &self.isolate.settings;
        let checked = self.isolate.on_app(app_id, |app| {
            if app.is_stopped() {
                return Err(refuse("This App is suspended."));
            }
            match (app.client_type, secret.filter(|secret| !secret.reveal().is_empty())) {
                (Some(kind), Some(secret)) if kind.is_confidential() => {
                    verify_client_secret(settings, app_id, secret, app, self.isolate.now())
                        .inspect_err(|unusable| self.isolate.tell_operator(unusable))
                        .map_err(|_| refuse("client_secret is not the App’s, or no longer."))
                }
                (Some(kind), None) if kind.is_confidential() => {
                    Err(refuse("client_secret is missing: this App is a confidential client."))
                }
                (Some(_), Some(_)) => {
                    Err(refuse("client_secret was sent, and this App is a public client, which has none."))
                }
                (Some(_), None) => Ok(()),
                (None, _) => Err(refuse("This App doesn't use OAuth 2.0.")),
            }
        });
        checked.unwrap_or_else(|| Err(refuse("client_id is unknown.")))?;
        let is_proven = secret.is_some_and(|secret| !secret.reveal().is_empty());
        self.is_proven.set(is_proven);
        let is_admitted = match is_proven {
            true => self.isolate.admit_app(app_id).await,
            false => self.isolate.admit_public_app(self.request, app_id).await,
        };
        match is_admitted {
            true => Ok(Client { app_id }),
            false => {
                Err(TokenError::new(ErrorCode::SlowDown, "This App calls too often. Wait a minute, then try again."))
            }
        }
    }

    /// The App that a client ID names.
    async fn find_client(&self, text: &str) -> Result<AppId, TokenError> {
        let settings = &self.isolate.settings;
        let unknown = || TokenError::invalid_client("client_id is unknown.");
        let read = ClientId::read(settings.prefix(), text);
        let app_id = verify_app_tag(settings, Derived::ClientId, read).map_err(|_| unknown())?.app_id;
        self.isolate.freshen_app(app_id).await.map_err(|error| self.fail(error))?;
        let is_it = self.isolate.on_app(app_id, |app| app.client_id.as_deref() == Some(text));
        if is_it == Some(true) { Ok(app_id) } else { Err(unknown()) }
    }
}
