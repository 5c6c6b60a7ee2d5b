extension BookNumber {
  /// Facts: job, what, the number, where it is printed, and where ours is to be found.
  static let facts = """
    chapter2-mnist | test accuracy | 0.9777 | notebook | result test accuracy
    chapter2-mnist | test accuracy, in words | 0.978 | text | result test accuracy
    chapter2-mnist | training loss after epoch 1 | 0.2524 | book | history history loss first
    chapter2-mnist | training accuracy after epoch 1 | 0.9273 | book | history history acc first
    chapter3-imdb | test accuracy | 0.8850 | notebook | result test accuracy
    chapter3-imdb | test loss | 0.2918 | notebook | result test loss
    chapter3-imdb | final training: loss by epoch | 0.4738 0.2660 0.2028 0.1700 | notebook | none the program keeps no log of these four epochs; their outcome is the test
    chapter3-imdb | final training: accuracy by epoch | 0.8044 0.9076 0.9277 0.9397 | notebook | none the program keeps no log of these four epochs; their outcome is the test
    chapter3-imdb | predictions for six reviews | 0.9197 0.8656 0.9994 0.4573 0.0038 0.7953 | notebook | none print and notebook differ in each of them: one network's answers to single reviews
    chapter3-imdb | predictions for six reviews | 0.9801 0.9976 0.9998 0.8217 0.0289 0.6537 | book | none print and notebook differ in each of them: one network's answers to single reviews
    chapter3-reuters | test accuracy after 8 epochs | 0.7769 | notebook | none the notebook trains for 8 epochs, the book and this program for 9
    chapter3-reuters | test loss after 8 epochs | 0.9876 | notebook | none the notebook trains for 8 epochs, the book and this program for 9
    chapter3-reuters | accuracy of guessing | 0.18477 | notebook | result accuracy of guessing
    chapter3-reuters | a prediction's sum | 0.99999994 | notebook | none one, but for rounding: softmax makes it so
    chapter3-reuters | topic of the first prediction | 3 | notebook | none one network's answer to one newswire; in print it is 4
    chapter3-reuters | bottleneck: epoch of best validation accuracy | 13 | notebook | history history-bottleneck val_acc highest-epoch
    chapter3-reuters | 8 epochs: validation loss by epoch | 1.7207 1.2645 1.0994 1.0252 0.9536 0.9187 0.9051 0.8891 | notebook | none the notebook trains for 8 epochs, the book and this program for 9
    chapter3-reuters | 8 epochs: validation accuracy by epoch | 0.636 0.736 0.770 0.782 0.807 0.811 0.812 0.816 | notebook | none the notebook trains for 8 epochs, the book and this program for 9
    chapter3-boston-housing | 100 epochs: validation MAE of fold 1 (k$) | 2.0751 | notebook | history fold-1 val_mae @100
    chapter3-boston-housing | 100 epochs: validation MAE of fold 2 (k$) | 2.1172 | notebook | history fold-2 val_mae @100
    chapter3-boston-housing | 100 epochs: validation MAE of fold 3 (k$) | 2.9140 | notebook | history fold-3 val_mae @100
    chapter3-boston-housing | 100 epochs: validation MAE of fold 4 (k$) | 2.4288 | notebook | history fold-4 val_mae @100
    chapter3-boston-housing | 100 epochs: validation MAE of fold 1 (k$) | 2.5883 | book | history fold-1 val_mae @100
    chapter3-boston-housing | 100 epochs: validation MAE of fold 2 (k$) | 3.1290 | book | history fold-2 val_mae @100
    chapter3-boston-housing | 100 epochs: validation MAE of fold 3 (k$) | 3.1856 | book | history fold-3 val_mae @100
    chapter3-boston-housing | 100 epochs: validation MAE of fold 4 (k$) | 3.0763 | book | history fold-4 val_mae @100
    chapter3-boston-housing | 100 epochs: validation MAE (k$) | 2.9948 | book | result 100 epochs: validation MAE
    chapter3-boston-housing | 500 epochs, smoothed: lowest validation MAE (k$) | 2.41 | notebook | none read off a picture, which has no digits
    chapter4-overfitting | original: best validation accuracy | 0.8905 | notebook | history history val_acc highest
    chapter4-overfitting | original: last validation accuracy | 0.8487 | notebook | history history val_acc last
    chapter4-overfitting | smaller: best validation accuracy | 0.8899 | notebook | history history-smaller val_acc highest
    chapter4-overfitting | smaller: last validation accuracy | 0.8617 | notebook | history history-smaller val_acc last
    chapter4-overfitting | bigger: best validation accuracy | 0.8901 | notebook | history history-bigger val_acc highest
    chapter4-overfitting | bigger: last validation accuracy | 0.8682 | notebook | history history-bigger val_acc last
    chapter5-mnist-convnet | test accuracy | 0.9908 | book | result test accuracy
    chapter5-mnist-convnet | test accuracy, in words | 0.993 | text | result test accuracy
    chapter5-mnist-convnet | parameters | 93,322 | notebook | test
    chapter5-mnist-convnet | fewer errors than with dense layers | 68% | text | none it follows from 0.978 and 0.993 in words
    chapter5-cats-dogs | parameters | 3,453,121 | notebook | test
    chapter5-cats-dogs | epoch of lowest validation loss, in words | 5 | text | history history val_loss lowest-epoch
    chapter5-cats-dogs | epoch of best validation accuracy | 28 | notebook | history history val_acc highest-epoch
    chapter5-cats-dogs | augmented: epoch of best validation accuracy | 99 | notebook | history history-augmented val_acc highest-epoch
    chapter5-cats-dogs | augmented: lowest training loss | 0.3204 | notebook | history history-augmented loss lowest
    chapter5-cats-dogs | augmented: best training accuracy | 0.8606 | notebook | history history-augmented acc highest
    chapter5-cats-dogs | augmented: validation accuracy, in words | 0.82 | text | history history-augmented val_acc last
    chapter5-cats-dogs | augmented: relative gain | 15% | text | none it follows from accuracies that stand here themselves
    chapter5-cats-dogs | augmented: accuracy with more tuning | 86 or 87% | text | none an estimate of what was not tried
    chapter5-pretrained-features | parameters of VGG16's base | 14,714,688 | notebook | test
    chapter5-pretrained-features | epoch of lowest validation loss | 24 | notebook | history history-features val_loss lowest-epoch
    chapter5-pretrained-features | last training loss | 0.0968 | notebook | history history-features loss last
    chapter5-pretrained-frozen | parameters with the new classifier | 16,812,353 | notebook | test
    chapter5-pretrained-frozen | tensors that learn, before and after freezing | 30 and 4 | notebook | none the same here, where freezing holds; in the book's Keras it did not
    chapter5-pretrained-frozen | fine-tuned: training loss after epoch 1 | 0.0215 | notebook | none the book goes on from a base that had learned as a whole, this program from a frozen one
    chapter5-pretrained-frozen | fine-tuned: training accuracy after epoch 1 | 0.9935 | notebook | none the book goes on from a base that had learned as a whole, this program from a frozen one
    chapter5-pretrained-frozen | fine-tuned: validation loss after epoch 1 | 0.0980 | notebook | none the book goes on from a base that had learned as a whole, this program from a frozen one
    chapter5-pretrained-frozen | fine-tuned: validation accuracy after epoch 1 | 0.9720 | notebook | none the book goes on from a base that had learned as a whole, this program from a frozen one
    chapter5-pretrained-frozen | fine-tuned: last validation loss | 0.2403 | notebook | none the book goes on from a base that had learned as a whole, this program from a frozen one
    chapter5-pretrained-frozen | fine-tuned: last training loss | 0.0010 | notebook | none the book goes on from a base that had learned as a whole, this program from a frozen one
    chapter5-pretrained-frozen | fine-tuned: last training accuracy | 0.9995 | notebook | none the book goes on from a base that had learned as a whole, this program from a frozen one
    chapter5-pretrained-frozen | fine-tuned: epoch of best validation accuracy | 30 | notebook | none the book goes on from a base that had learned as a whole, this program from a frozen one
    chapter5-visualizing | probability of African elephant | 0.9094 | notebook | none VGG16 with its classifier (553 MB) was not at hand
    chapter5-visualizing | probability of tusker | 0.0862 | notebook | none VGG16 with its classifier (553 MB) was not at hand
    chapter5-visualizing | probability of Indian elephant | 0.0044 | notebook | none VGG16 with its classifier (553 MB) was not at hand
    chapter5-visualizing | the same, in words | 92.5%, 7%, 0.4% | text | none VGG16 with its classifier (553 MB) was not at hand
    chapter5-visualizing | number of the class African elephant | 386 | notebook | test
    chapter6-word-vectors | parameters of the learned embedding's network | 80,161 | notebook | test
    chapter6-word-vectors | parameters with GloVe's vectors of 100 numbers | 1,320,065 | notebook | test
    chapter6-word-vectors | words in GloVe's file | 400,000 | notebook | none a property of the file, whose lines are all read
    chapter6-word-vectors | test accuracy, in words | 0.56 | text | none the notebook's run of the same network has 0.5366, which stands above
    chapter6-word-vectors | GloVe: lowest validation loss | 0.6917 | notebook | history history-glove val_loss lowest like GloVe
    chapter6-word-vectors | without GloVe: lowest validation loss | 0.6920 | notebook | history history-without-glove val_loss lowest
    chapter6-imdb-rnn | parameters of the LSTM's network | 328,353 | notebook | test
    chapter6-imdb-rnn | SimpleRNN: epoch of best validation accuracy | 4 | notebook | history history-simple-rnn val_acc highest-epoch
    chapter6-imdb-rnn | LSTM: epoch of best validation accuracy | 8 | notebook | history history-lstm val_acc highest-epoch
    chapter6-imdb-rnn | reversed LSTM: epoch of best validation accuracy | 3 | notebook | history history-reversed val_acc highest-epoch
    chapter6-imdb-rnn | bidirectional LSTM: epoch of best validation accuracy | 4 | notebook | history history-bidirectional val_acc highest-epoch
    chapter6-imdb-rnn | parameters of an embedding and a SimpleRNN | 322,080 | notebook | none a summary of a network without a classifier; its layers are those of the one that is trained
    chapter6-imdb-rnn | parameters with four SimpleRNNs | 328,320 | notebook | none a summary of a network that the book does not train
    chapter6-temperature | rows of the file | 420,551 | notebook | test
    chapter6-temperature | dense: epoch of lowest validation MAE | 2 | notebook | history history-dense val_loss lowest-epoch
    chapter6-temperature | GRU: epoch of lowest validation MAE | 6 | notebook | history history-gru val_loss lowest-epoch
    chapter6-temperature | GRU with dropout: epoch of lowest validation MAE | 33 | notebook | history history-dropout val_loss lowest-epoch
    chapter6-temperature | stacked GRUs: epoch of lowest validation MAE | 16 | notebook | history history-stacked val_loss lowest-epoch
    chapter6-temperature | reversed GRU: epoch of lowest validation MAE | 11 | notebook | history history-reversed val_loss lowest-epoch
    chapter6-temperature | bidirectional GRU: epoch of lowest validation MAE | 4 | notebook | history history-bidirectional val_loss lowest-epoch
    chapter6-temperature | naive error in degrees | 2.57 | text | none the naive error times the temperature's deviation, which is Jena's
    chapter6-temperature | the GRU's error in degrees | 2.35 | text | none its error times the temperature's deviation, which is Jena's
    chapter6-conv1d | parameters | 1,315,937 | notebook | test
    chapter6-conv1d | as printed: epoch of best validation accuracy | 6 | notebook | history history-printed val_acc highest-epoch
    chapter6-conv1d | as printed: epoch of best training accuracy | 6 | notebook | history history-printed acc highest-epoch
    chapter6-conv1d-temperature | convolutions: epoch of lowest validation MAE | 1 | notebook | history history-convolution val_loss lowest-epoch
    chapter6-conv1d-temperature | convolutions and GRU: epoch of lowest validation MAE | 4 | notebook | history history-convolution-gru val_loss lowest-epoch
    chapter7-functional | parameters of all its networks | 3,466 to 20,861,480 | – | test
    chapter7-functional | losses | – | – | none the book's data is random, and it prints none
    chapter7-callbacks | parameters | 291,937 | – | test
    chapter7-callbacks | losses and accuracies | – | – | none the book shows them in pictures only
    chapter8-text-generation-as-printed | characters of the corpus | 600,893 | notebook | none a property of the file; the program says when it is another
    chapter8-text-generation-as-printed | sequences | 200,278 | notebook | none a property of the file; the program says when it is another
    chapter8-text-generation-as-printed | different characters | 57 | notebook | none a property of the file; the program says when it is another
    chapter8-text-generation-as-printed | epoch of lowest training loss | 54 | notebook | history history loss lowest-epoch
    chapter8-deepdream | 178 x 178: loss before each of 20 steps | 0.672 to 9.941 | notebook | none the author's photograph was not published; the program draws both courses
    chapter8-deepdream | 250 x 250: loss before each of 10 steps | 2.177 to 9.610 | notebook | none the author's photograph was not published; the program draws both courses
    chapter8-deepdream | 350 x 350: loss before each of 7 steps | 2.312 to 9.985 | notebook | none the author's photograph was not published; the program draws both courses
    chapter8-style-transfer | loss after each of 20 iterations | 7.409e9 to 5.004e8 | notebook | none the author's pictures were not published, and sums depend on them
    chapter8-vae | parameters | 550,629 | notebook | test
    chapter8-vae | epoch of lowest validation loss | 10 | notebook | history history val_loss lowest-epoch
    chapter8-gan | parameters of the generator | 6,264,579 | notebook | test
    chapter8-gan | parameters of the discriminator | 790,913 | notebook | test
    chapter8-gan | losses of 100 single batches | 0.686 and 0.668 to 0.669 and 0.678 | notebook | none single batches of 20 pictures; medians over many of them stand above
    """
}
