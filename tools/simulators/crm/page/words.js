// The page's Russian words for what the API names in English.

export const FIELDS = {
  Contact: "ФИО контакта", MobilePhone: "Мобильный телефон", BusinesPhone: "Рабочий телефон", Email: "E-mail", Account: "Контрагент",
  Commentary: "Комментарий", UsrQualificationComment: "Комментарий квалификации", UsrTSLeadStatus: "Статус лида",
  UsrQualificationTopic: "Тема", UsrIntent: "Намерение", UsrQualityScore: "Оценка качества", UsrEventId: "Event ID", UsrAgentId: "Агент",
  UsrConversationId: "Разговор", WebForm: "Лендинг", RegisterMethod: "Способ регистрации", LeadSource: "Источник", Id: "Идентификатор",
  UsrPhoneNumberCode: "Код телефона", UsrTelephoneNumberForCode: "Номер телефона", QualifiedContact: "Контакт", UsrProject: "Проект",
  UsrSource: "Источник данных", UsrChannel: "Канал", FullName: "ФИО", Phone: "Телефон",
};

export const BOOKS = {
  LeadRegisterMethod: "Способы регистрации", LeadSource: "Источники лидов", LeadType: "Типы лидов", LeadMedium: "Каналы", QualifyStatus: "Стадии",
  City: "Города", Country: "Страны", Region: "Регионы", Contact: "Контакты", UsrTSLeadStatus: "Статусы лида", UsrProject: "Проекты",
};

export const PROFILES = {
  "as-in-the-letter": "как в письме", stock: "коробочная CRM", "after-columns-added": "коробочная CRM, поля добавлены",
  "after-columns-added-unique": "поля добавлены, Event ID уникален",
};

export const STAGES = {
  arrival: "До CRM: запрос не дошёл", rule: "Правила формы", before_commit: "Перед записью лида", after_commit: "После записи лида",
  answer: "Странный ответ", worker: "Фоновый обработчик",
};

export const SAVED = { yes: "лид записан", no: "лида нет" };

export const FAULTS = {
  http_401: "401, требуется вход", http_403: "403 от межсетевого экрана", http_404: "404 от IIS", http_408: "408, прокси не дождался",
  http_413: "413, тело слишком велико", http_429: "429 с Retry-After", http_500: "500, «жёлтая страница» ASP.NET", http_502: "502, прокси не достучался",
  http_503: "503 с Retry-After", redirect_to_login: "302 на страницу входа", login_page: "200 со страницей входа", empty_result: "200 с пустым результатом",
  preprocess_error: "−1, упал предобработчик", landing_off: "−1, лендинг отключили", delay_before_commit: "Пауза перед записью",
  close_before_commit: "Обрыв связи до записи", deadlock_before_commit: "−1, взаимоблокировка до записи", delay_after_commit: "Пауза после записи",
  close_after_commit: "Обрыв связи после записи", http_500_after_commit: "500, хотя лид записан", http_502_after_commit: "502, хотя лид записан",
  http_504_after_commit: "504, хотя лид записан", deadlock_after_commit: "−1, взаимоблокировка после записи",
  post_handler_error: "−1, упал постобработчик", not_json: "200, но не JSON", null_result: "200 с пустым (null) результатом", missing_result: "200 без результата", unreadable_result: "200, результат оборван",
  unknown_code: "200 с неизвестным кодом 7", slow_drip: "Ответ по одному байту", worker_crash: "0, но лид не появится",
};

export const DOUBLE_COLOURS = ["#e8590c", "#9c36b5", "#c2255c", "#0b7285", "#5f3dc4", "#a67c00"];

export function plural(number, one, few, many) {
  const tens = number % 100, ones = number % 10;
  if (tens > 10 && tens < 20) return `${number} ${many}`;
  if (ones === 1) return `${number} ${one}`;
  return `${number} ${ones > 1 && ones < 5 ? few : many}`;
}
