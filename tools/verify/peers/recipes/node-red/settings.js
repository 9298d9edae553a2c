// Node-RED without editor, administration, telemetry and questions about new versions, on loopback.
module.exports = {
  uiHost: '127.0.0.1',
  uiPort: Number(process.env.PORT),
  userDir: process.env.NODE_RED_HOME,
  flowFile: 'flows.json',
  httpAdminRoot: false,
  telemetry: { enabled: false, updateNotification: false },
  httpRequestTimeout: Number(process.env.CRM_TIMEOUT_MS),
  functionExternalModules: true,
};
