//! Keeps the request tokens of an App.

use super::AppTraffic;
use gatehouse_domain::format::decode;
use gatehouse_domain::oauth1::{REPEAT_SECONDS, REQUEST_TOKEN_SECONDS, Redeemed, RequestToken, Verifier};
use gatehouse_domain::ports::{Clock, Sql, SqlError};
use gatehouse_shared::credential::Serial;
use gatehouse_shared::model::AccountId;

impl<R: Sql + Clock> AppTraffic<R> {
    pub(super) fn put_request_token(&self, token: &RequestToken) -> Result<(), SqlError> {
        let keep_until = self.runtime.now().seconds().plus(REQUEST_TOKEN_SECONDS);
        self.runtime.exec("DELETE FROM request_token WHERE keep_until < ?", &[self.now()])?;
        self.runtime.exec(
            "INSERT INTO request_token(serial, keep_until, doc) VALUES (?, ?, ?)",
            &[token.root.serial.value().into(), keep_until.0.into(), super::write(token)?.into()],
        )?;
        self.wake_by(keep_until)
    }

    pub(super) fn request_token(&self, serial: Serial) -> Result<Option<RequestToken>, SqlError> {
        let rows = self.runtime.exec(
            "SELECT doc FROM request_token WHERE serial = ? AND keep_until > ?",
            &[serial.value().into(), self.now()],
        )?;
        rows.first().map(|row| decode("request token", row.text(0)?).map_err(SqlError)).transpose()
    }

    fn update_request_token(&self, token: &RequestToken) -> Result<(), SqlError> {
        let params = [super::write(token)?.into(), token.root.serial.value().into()];
        self.runtime.exec("UPDATE request_token SET doc = ? WHERE serial = ?", &params)?;
        Ok(())
    }

    pub(super) fn delete_request_token(&self, serial: Serial) -> Result<(), SqlError> {
        self.runtime.exec("DELETE FROM request_token WHERE serial = ?", &[serial.value().into()])?;
        Ok(())
    }

    pub(super) fn approve_request_token(
        &self,
        serial: Serial,
        user: AccountId,
        verifier: &Verifier,
    ) -> Result<bool, SqlError> {
        let approved = self.request_token(serial)?.and_then(|token| token.approve(user, verifier.clone()));
        match approved {
            Some(token) => self.update_request_token(&token).map(|()| true),
            None => Ok(false),
        }
    }

    pub(super) fn redeem_request_token(&self, serial: Serial, verifier: &Verifier) -> Result<Redeemed, SqlError> {
        let Some(token) = self.request_token(serial)? else { return Ok(Redeemed::Gone) };
        let (redeemed, left) = token.redeem(verifier);
        if let Redeemed::For { .. } = redeemed {
            // Only ever sooner, so that repeats do not keep it.
            let until = self.runtime.now().seconds().plus(REPEAT_SECONDS);
            let params = [until.0.into(), serial.value().into()];
            self.runtime.exec("UPDATE request_token SET keep_until = min(keep_until, ?) WHERE serial = ?", &params)?;
            return Ok(redeemed);
        }
        match left {
            Some(token) => self.update_request_token(&token)?,
            None => self.delete_request_token(serial)?,
        }
        Ok(redeemed)
    }
}
