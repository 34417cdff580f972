---@meta

---The certificates that the process holds in memory.
---@class CertCache
CertCache = {}

---@class CertCache.Certificate
---@field filename string the one to change, which has to be in memory already
---@field crt? string a certificate as PEM, which may have its key with it
---@field key? string a key as PEM
---@field ocsp? string an answer of OCSP, in base64
---@field issuer? string the certificate of its issuer
---@field sctl? string

---Changes a certificate, as `set ssl cert` and `commit ssl cert` do. It may take long.
---
---Contexts: body, init, task, event, action, service
---@param certificate CertCache.Certificate
function CertCache.set(certificate) end
