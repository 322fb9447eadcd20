/*
 * Says beside every <input type="datetime-local"> which moment it holds, in Vietnamese order: browsers show it in the order of
 * their own language, and 11/12 is two different days. Loading the module is all there is to do.
 */
const words = new Intl.DateTimeFormat('vi-VN', {weekday: 'long', day: '2-digit', month: '2-digit', year: 'numeric', timeZone: 'UTC'});

function told(input) {
  if (!input.value) return '';
  const [day, time] = input.value.split('T');
  const at = new Date(`${day}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? '' : `${time.replace(/\.\d+$/, '')} ${words.format(at)}`;
}

function echo(input) {
  let place = input.nextElementSibling;
  if (!place?.matches('[data-echo]')) {
    place = document.createElement('div');
    place.className = 'form-hint';
    place.dataset.echo = '';
    input.after(place);
  }
  place.textContent = told(input);
}

document.querySelectorAll('input[type="datetime-local"]').forEach(echo);
for (const event of ['input', 'change']) {
  document.addEventListener(event, ({target}) => {
    if (target.matches?.('input[type="datetime-local"]')) echo(target);
  });
}
