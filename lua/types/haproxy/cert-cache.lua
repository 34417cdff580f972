---@meta

---The certificates loaded by the process.
---@class CertCache
CertCache = {}

---@class CertCache.Certificate
---@field filename string the certificate to change, which must be loaded
---@field crt? string a certificate in PEM format, optionally with its key
---@field key? string a key in PEM format
---@field ocsp? string an OCSP response in base64
---@field issuer? string the certificate of its issuer
---@field sctl? string

---Changes a certificate like `set ssl cert` and `commit ssl cert`. It may take a long time.
---
---Contexts: body, init, task, event, action, service
---@param certificate CertCache.Certificate
function CertCache.set(certificate) end
