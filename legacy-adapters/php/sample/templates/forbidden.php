<h1>Forbidden</h1>
<p>This form has expired. <a href="/login">Sign in again</a></p>
