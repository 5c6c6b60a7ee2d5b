print("ch3")
