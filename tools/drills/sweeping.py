import subprocess, sys, time
while True:
    subprocess.run([sys.executable, "manage.py", "send_due"])
    time.sleep(10)
