<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR">
<context>
    <name>AboutCard</name>
    <message>
        <source>{count}: {train} train, {validation} validate</source>
        <translation>{count}개: 훈련 {train}, 검증 {validation}</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>A sample</source>
        <translation>표본 하나</translation>
    </message>
    <message>
        <source>To answer</source>
        <translation>답할 것</translation>
    </message>
    <message>
        <source>{low} to {high}, mean {mean}, standard deviation {deviation}</source>
        <translation>{low} ~ {high}, 평균 {mean}, 표준편차 {deviation}</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>값</translation>
    </message>
    <message>
        <source>In memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>{sizes} sizes, from {smallest} to {largest}</source>
        <translation>크기 {sizes}가지, {smallest} ~ {largest}</translation>
    </message>
    <message>
        <source>Files</source>
        <translation>파일</translation>
    </message>
    <message>
        <source>by the names of the files</source>
        <translation>파일 이름별</translation>
    </message>
    <message>
        <source>a folder each</source>
        <translation>폴더별</translation>
    </message>
    <message>
        <source>Classes</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>{fold} of {folds} validates</source>
        <translation>{folds}개 중 {fold}번이 검증</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>폴드</translation>
    </message>
    <message>
        <source>From</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>{length} characters, each one of {count}</source>
        <translation>글자 {length}개 (글자 종류 {count}개)</translation>
    </message>
    <message>
        <source>grey</source>
        <translation>회색조</translation>
    </message>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>one of {count} classes</source>
        <translation>클래스 {count}개 중 하나</translation>
    </message>
    <message>
        <source>a character at every step, mostly the next one</source>
        <translation>시각마다 글자 하나</translation>
    </message>
    <message>
        <source>at every step the next character</source>
        <translation>시각마다 다음 글자</translation>
    </message>
    <message>
        <source>at every step the next value</source>
        <translation>시각마다 다음 값</translation>
    </message>
    <message>
        <source>one number</source>
        <translation>수 하나</translation>
    </message>
    <message>
        <source>{shape} numbers</source>
        <translation>수 {shape}개</translation>
    </message>
    <message>
        <source>Data of your own</source>
        <translation>내 데이터</translation>
    </message>
    <message>
        <source>Read again</source>
        <translation>다시 읽기</translation>
    </message>
    <message>
        <source>Read the files anew: they have been changed</source>
        <translation>바뀐 파일을 다시 읽습니다</translation>
    </message>
</context>
<context>
    <name>ActivationBoard</name>
    <message>
        <source>Moved score</source>
        <translation>움직일 점수</translation>
    </message>
    <message>
        <source>The score along the axis of the curves</source>
        <translation>곡선의 가로축이 되는 점수</translation>
    </message>
</context>
<context>
    <name>AnsweredRowsModel</name>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>확률</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
</context>
<context>
    <name>AnsweredRowsView</name>
    <message>
        <source>Rows of the table with the model&apos;s predictions</source>
        <translation>모델의 예측을 곁들인 표의 행</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>Prediction beside the truth, a point a sample</source>
        <translation>정답과 예측, 점 하나가 표본 하나</translation>
    </message>
</context>
<context>
    <name>AnswersOverTime</name>
    <message>
        <source>True {true}, predicted {predicted} ({share}). This network reads sequences of one length only.</source>
        <translation>정답 {true}, 예측 {predicted} ({share}). 이 신경망은 한 가지 길이의 시퀀스만 읽습니다.</translation>
    </message>
    <message>
        <source>True {true}, predicted {predicted} ({share}). From t = {t} on the answer stays the same.</source>
        <translation>정답 {true}, 예측 {predicted} ({share}). t = {t}부터 답이 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>after t time steps</source>
        <translation>시각 t까지 읽은 뒤</translation>
    </message>
    <message>
        <source>probability</source>
        <translation>확률</translation>
    </message>
    <message>
        <source>answer</source>
        <translation>출력값</translation>
    </message>
    <message>
        <source>Probability of each class after every time step</source>
        <translation>시각마다 그때까지 읽고 답한 클래스별 확률</translation>
    </message>
</context>
<context>
    <name>ArrowsPage</name>
    <message>
        <source>∇f({place}) = ({slopes}): the two slopes, one for each axis.</source>
        <translation>∇f({place}) = ({slopes}): 축마다 하나씩, 두 기울기입니다.</translation>
    </message>
    <message>
        <source>downhill −∇f</source>
        <translation>내리막 −∇f</translation>
    </message>
    <message>
        <source>gradient ∇f</source>
        <translation>기울기 ∇f</translation>
    </message>
    <message>
        <source>height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>here</source>
        <translation>이 위치</translation>
    </message>
    <message>
        <source>place</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>along {axis}</source>
        <translation>{axis} 방향</translation>
    </message>
    <message>
        <source>difference / 2h</source>
        <translation>차이 / 2h</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>정확한 값</translation>
    </message>
    <message>
        <source>error</source>
        <translation>오차</translation>
    </message>
    <message>
        <source>Height f</source>
        <translation>높이 f</translation>
    </message>
    <message>
        <source>at {place}</source>
        <translation>위치 {place}</translation>
    </message>
    <message>
        <source>Length of ∇f</source>
        <translation>∇f의 크기</translation>
    </message>
    <message>
        <source>steepest slope</source>
        <translation>가장 가파른 기울기</translation>
    </message>
    <message>
        <source>The gradient at every place: drag the place</source>
        <translation>위치마다의 기울기 (점을 끌어 보세요)</translation>
    </message>
    <message>
        <source>Two cuts through the place</source>
        <translation>이 위치를 지나는 두 단면</translation>
    </message>
    <message>
        <source>The partial derivatives by differences</source>
        <translation>차분으로 구한 편미분</translation>
    </message>
    <message>
        <source>A formula of x0 and x1, such as x0**2 + x1**2 or sin(x0) * x1; Enter takes it</source>
        <translation>x0와 x1의 수식. 예: x0**2 + x1**2, sin(x0) * x1. Enter를 누르면 적용됩니다.</translation>
    </message>
</context>
<context>
    <name>AssignmentPage</name>
    <message>
        <source>Right: {right} of {all}</source>
        <translation>맞은 칸: {right} / {all}</translation>
    </message>
    <message>
        <source>shown: {count}</source>
        <translation>정답을 본 칸: {count}</translation>
    </message>
    <message>
        <source>Nothing to work out here: choose a layer with a blank.</source>
        <translation>여기에는 계산할 것이 없습니다. 빈칸이 있는 층을 고르세요.</translation>
    </message>
    <message>
        <source>{layer} · input {shape}</source>
        <translation>{layer} · 입력 {shape}</translation>
    </message>
    <message>
        <source>Fill in the blue cells: each layer&apos;s output shape (channels × height × width) and its parameters, biases included.</source>
        <translation>파란 칸을 채워 보세요: 층마다 출력 형상(채널 × 높이 × 너비)과 편향을 포함한 매개변수 수입니다.</translation>
    </message>
    <message>
        <source>The network&apos;s table with blanks</source>
        <translation>빈칸이 있는 신경망 표</translation>
    </message>
    <message>
        <source>Show the working</source>
        <translation>풀이 보기</translation>
    </message>
    <message>
        <source>The formulas of the chosen layer; with its numbers put in once they have been found</source>
        <translation>고른 층의 식을 보여 줍니다. 답을 맞히면 수를 넣은 식도 보여 줍니다.</translation>
    </message>
    <message>
        <source>Start over</source>
        <translation>처음부터</translation>
    </message>
    <message>
        <source>Show the answers</source>
        <translation>정답 보기</translation>
    </message>
    <message>
        <source>Back to the network</source>
        <translation>신경망으로 돌아가기</translation>
    </message>
    <message>
        <source>Fill in the blue cells: each layer&apos;s output shape and its parameters, biases included.</source>
        <translation>파란 칸을 채워 보세요: 층마다 출력 형상과 편향을 포함한 매개변수 수입니다.</translation>
    </message>
</context>
<context>
    <name>AugmentationFold</name>
    <message>
        <source>Each batch is drawn anew from the training data; the validation data stay as they are.</source>
        <translation>훈련 데이터를 배치마다 새로 무작위로 바꿉니다. 검증 데이터는 그대로입니다.</translation>
    </message>
    <message>
        <source>These data are no images, so there is nothing to shift, turn or flip.</source>
        <translation>이미지 데이터가 아니어서 옮기거나 돌리거나 뒤집을 것이 없습니다.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Augmentation</source>
        <translation>데이터 증강</translation>
    </message>
    <message>
        <source>Images are changed a little each time they are trained on.</source>
        <translation>학습할 때마다 이미지를 조금씩 바꿉니다.</translation>
    </message>
    <message>
        <source>Draw again</source>
        <translation>다시 뽑기</translation>
    </message>
    <message>
        <source>Other random changes of the same images</source>
        <translation>같은 이미지를 다르게 바꿔 봅니다</translation>
    </message>
    <message>
        <source>Eight training images after augmentation</source>
        <translation>증강한 훈련 이미지 여덟 장</translation>
    </message>
</context>
<context>
    <name>BackwardScene</name>
    <message>
        <source>Point at a cell to see which output gradients flow into it. Click to pin, Esc to free.</source>
        <translation>칸을 가리키면 어느 출력의 기울기가 흘러오는지 보입니다. 클릭하면 고정되고 Esc로 풉니다.</translation>
    </message>
    <message>
        <source>Point at a weight to see which output gradients flow into it. Click to pin, Esc to free.</source>
        <translation>가중치를 가리키면 어느 출력의 기울기가 흘러오는지 보입니다. 클릭하면 고정되고 Esc로 풉니다.</translation>
    </message>
    <message>
        <source>Point at a gradient to see where it flows to.</source>
        <translation>기울기를 가리키면 어디로 흘러가는지 보입니다.</translation>
    </message>
    <message>
        <source>Gradient of the output</source>
        <translation>출력의 기울기</translation>
    </message>
    <message>
        <source>Output gradient {name} {size}</source>
        <translation>출력의 기울기 {name} {size}</translation>
    </message>
    <message>
        <source>Gradients flow from the output back to the filter and the input.</source>
        <translation>기울기는 출력에서 필터와 입력 쪽으로 거꾸로 흐릅니다.</translation>
    </message>
</context>
<context>
    <name>BackwardView</name>
    <message>
        <source>Padding: no input value stands here, so its gradient is needed by nobody.</source>
        <translation>패딩: 입력값이 없는 자리여서 기울기가 필요 없습니다.</translation>
    </message>
    <message>
        <source>(through output plane {plane} alone)</source>
        <translation>(이 출력 평면의 몫: 평면 {plane})</translation>
    </message>
    <message>
        <source>= dL/dy{cell}: flows into the window of {inputs} input cells</source>
        <translation>= dL/dy{cell}: 창의 입력 칸 {inputs}개로 흘러갑니다</translation>
    </message>
    <message>
        <source>= dL/dy{cell}: flows into {inputs} input cells and {weights} weights of this channel</source>
        <translation>= dL/dy{cell}: 이 채널의 입력 칸 {inputs}개, 가중치 {weights}개로 흘러갑니다</translation>
    </message>
    <message>
        <source>Σ dL/dy of the windows whose maximum it is: {taken} of {count}</source>
        <translation>이 칸이 최댓값인 창의 Σ dL/dy: 창 {count}개 가운데 {taken}개</translation>
    </message>
    <message>
        <source>Σ dL/dy / cells of the window, {count} windows</source>
        <translation>Σ dL/dy / 창의 칸 수, 창 {count}개</translation>
    </message>
    <message>
        <source>{count} products</source>
        <translation>곱 {count}개</translation>
    </message>
    <message>
        <source>Σ dL/dy · w over {maps} maps, {products}</source>
        <translation>Σ dL/dy · w, 맵 {maps}개에 걸쳐 {products}</translation>
    </message>
    <message>
        <source>This gradient flows back into every cell that lights up.</source>
        <translation>이 기울기는 강조된 모든 칸으로 흘러갑니다.</translation>
    </message>
    <message>
        <source>Each window gives its whole gradient to its maximum, and nothing to its other cells.</source>
        <translation>창마다 최댓값인 칸이 기울기를 다 받고, 다른 칸은 받지 않습니다.</translation>
    </message>
    <message>
        <source>A window&apos;s gradient goes to its maximum.</source>
        <translation>창의 기울기는 최댓값인 칸이 받습니다.</translation>
    </message>
    <message>
        <source>Each window shares its gradient out evenly among its cells.</source>
        <translation>창마다 기울기를 자기 칸들에 똑같이 나눠 줍니다.</translation>
    </message>
    <message>
        <source>A window shares its gradient out.</source>
        <translation>창의 기울기를 똑같이 나눕니다.</translation>
    </message>
    <message>
        <source>A weight&apos;s gradient: each output gradient times the input cell that the weight met there, added up.</source>
        <translation>가중치의 기울기: 출력 칸마다 그 칸의 기울기에 이 가중치와 곱해진 입력값을 곱해 모두 더합니다.</translation>
    </message>
    <message>
        <source>Each output gradient times the input cell that the weight met.</source>
        <translation>출력의 기울기 × 가중치와 곱해진 입력값을 모두 더합니다.</translation>
    </message>
    <message>
        <source>Output gradient × input, added up.</source>
        <translation>출력의 기울기 × 입력의 합</translation>
    </message>
    <message>
        <source>An input&apos;s gradient: each output cell that read it sends its gradient back through the same weight.</source>
        <translation>입력의 기울기: 이 칸을 읽은 출력 칸마다 읽을 때 쓴 가중치를 곱해 기울기를 돌려보냅니다.</translation>
    </message>
    <message>
        <source>Each output gradient goes back through the same weight.</source>
        <translation>출력의 기울기가 같은 가중치를 거쳐 돌아옵니다.</translation>
    </message>
    <message>
        <source>Output gradient × weight, added up.</source>
        <translation>출력의 기울기 × 가중치의 합</translation>
    </message>
    <message>
        <source>The gradient of the loss L with respect to each output cell, before the activation. Of a 3-d layer L is made of the plane in view alone: the other planes would add their parts to the gradients.</source>
        <translation>손실 L을 출력 칸마다 미분한 기울기 (활성화 함수를 지나기 전의 출력). 3차원 층에서는 보이는 평면만으로 L을 만듭니다. 다른 평면까지 넣으면 저마다의 몫이 기울기에 더해집니다.</translation>
    </message>
    <message>
        <source>all 1</source>
        <translation>모두 1</translation>
    </message>
    <message>
        <source>random</source>
        <translation>무작위</translation>
    </message>
    <message>
        <source>Gradient from above</source>
        <translation>위에서 오는 기울기</translation>
    </message>
    <message>
        <source>L is the sum of all outputs: every output gradient is 1.</source>
        <translation>L은 모든 출력의 합입니다. 출력의 기울기가 모두 1입니다.</translation>
    </message>
    <message>
        <source>L is half the sum of the squares of all outputs: each output gradient is the output itself.</source>
        <translation>L은 모든 출력의 제곱을 더해 반으로 나눈 값입니다. 출력의 기울기가 출력값 자신입니다.</translation>
    </message>
    <message>
        <source>Whole numbers from −2 to 2, as if they came from the layers above.</source>
        <translation>위쪽 층에서 온 기울기라고 가정하고 −2부터 2까지의 정수를 씁니다.</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>기울기</translation>
    </message>
    <message>
        <source>What input and filter show</source>
        <translation>입력과 필터에 보이는 것</translation>
    </message>
    <message>
        <source>Input and filter show their values.</source>
        <translation>입력과 필터의 값을 봅니다.</translation>
    </message>
    <message>
        <source>Input and filter show their gradients, as torch computes them.</source>
        <translation>torch가 계산한 입력과 필터의 기울기를 봅니다.</translation>
    </message>
</context>
<context>
    <name>BatchNormPage</name>
    <message>
        <source>No batch has been seen yet: the running mean is still 0, so nothing is centred.</source>
        <translation>아직 배치를 보지 않아 이동 평균이 0입니다. 그래서 아무것도 가운데로 오지 않습니다.</translation>
    </message>
    <message>
        <source>One sample has no variance: every output is β. torch refuses to train on it.</source>
        <translation>표본이 하나면 분산이 0이라 모든 출력이 β입니다. torch는 이런 배치로 학습하기를 거부합니다.</translation>
    </message>
    <message>
        <source>Each column gets mean β and variance γ². Every output hangs on all samples of the batch: change one number and look at its column.</source>
        <translation>각 열의 평균은 β, 분산은 γ²이 됩니다. 출력은 배치의 모든 표본에 달려 있습니다. 수 하나를 바꾸고 그 열을 보세요.</translation>
    </message>
    <message>
        <source>Judging looks at no other sample: each output depends on its own input alone.</source>
        <translation>평가할 때는 다른 표본을 보지 않습니다. 출력은 자기 입력에만 달려 있습니다.</translation>
    </message>
</context>
<context>
    <name>BesideCard</name>
    <message>
        <source>{first} beside {second}</source>
        <translation>비교: {first} · {second}</translation>
    </message>
    <message>
        <source>Before: {other}</source>
        <translation>이전: {other}</translation>
    </message>
    <message>
        <source>Next: {other}</source>
        <translation>다음: {other}</translation>
    </message>
    <message>
        <source>Back to the network</source>
        <translation>신경망으로 돌아가기</translation>
    </message>
</context>
<context>
    <name>BesideCurves</name>
    <message>
        <source>{cell}, validation</source>
        <translation>{cell} 검증</translation>
    </message>
    <message>
        <source>Loss of the cells ({name}) · dashed: validation</source>
        <translation>나란한 셀의 손실 ({name}) · 파선: 검증</translation>
    </message>
</context>
<context>
    <name>BesideView</name>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>The last true value, held</source>
        <translation>마지막 정답 값을 유지</translation>
    </message>
    <message>
        <source>The last value again</source>
        <translation>직전 값 그대로</translation>
    </message>
    <message>
        <source>Time step t</source>
        <translation>시각 t</translation>
    </message>
    <message>
        <source>Last value</source>
        <comment>in the legend</comment>
        <translation>직전 값</translation>
    </message>
    <message>
        <source>forced</source>
        <translation>정답 넣기</translation>
    </message>
    <message>
        <source>free</source>
        <translation>스스로 잇기</translation>
    </message>
    <message>
        <source>naive line</source>
        <translation>직전 값 그대로</translation>
    </message>
    <message>
        <source>skill</source>
        <translation>예측력</translation>
    </message>
    <message>
        <source>Over the validation set. Skill = 1 − MSE / MSE of the naive line, which says the last true value again: 1 is exact, 0 is no better than that, below 0 is worse.</source>
        <translation>검증 데이터 전체에서 측정한 값입니다. 예측력 = 1 − MSE / (직전 정답 값을 되풀이할 때의 MSE): 1이면 정확하고, 0이면 되풀이보다 낫지 않으며, 0보다 작으면 더 나쁩니다.</translation>
    </message>
    <message>
        <source>Drawn is the first of {count} features; the errors are over all.</source>
        <translation>특징 {count}개 가운데 첫째만 그렸습니다. 오차는 전체에서 계산합니다.</translation>
    </message>
    <message>
        <source>probability of the true next character</source>
        <translation>정답 글자의 확률</translation>
    </message>
    <message>
        <source>perplexity</source>
        <translation>혼란도</translation>
    </message>
    <message>
        <source>of all texts</source>
        <translation>검증 글 전체</translation>
    </message>
    <message>
        <source>pure guessing</source>
        <translation>무작위 추측</translation>
    </message>
    <message>
        <source>Among how many characters the network hesitates: exp of the mean of −ln p(true character).</source>
        <translation>신경망이 글자 몇 개를 두고 망설이는지 보여 줍니다: −ln p(정답 글자) 평균의 exp.</translation>
    </message>
    <message>
        <source>Choose a cell above to read what it writes.</source>
        <translation>위에서 셀을 고르면 그 셀이 쓴 글을 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>answer for {name}</source>
        <translation>{name}의 출력</translation>
    </message>
    <message>
        <source>probability of {name}</source>
        <translation>{name}의 확률</translation>
    </message>
    <message>
        <source>after t time steps</source>
        <translation>시각 t까지 읽은 뒤</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>settled at t</source>
        <translation>정해진 시각 t</translation>
    </message>
    <message>
        <source>From this time step on the answer stays the same.</source>
        <translation>이 시각부터 답이 바뀌지 않습니다.</translation>
    </message>
    <message>
        <source>True {true}</source>
        <translation>정답 {true}</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>always the mean</source>
        <translation>평균만 예측</translation>
    </message>
    <message>
        <source>Skill = 1 − MSE / MSE of always saying the mean of the true numbers: 1 is exact, 0 is no better than that.</source>
        <translation>예측력 = 1 − MSE / (항상 정답의 평균을 말할 때의 MSE): 1이면 정확하고, 0이면 평균만 말하는 것보다 낫지 않습니다.</translation>
    </message>
    <message>
        <source>{count} validation sequences, a point each and cell.</source>
        <translation>검증 시퀀스 {count}개, 셀마다 시퀀스 하나가 점 하나입니다.</translation>
    </message>
    <message>
        <source>Teacher-forced</source>
        <translation>정답 넣기</translation>
    </message>
    <message>
        <source>Free-running</source>
        <translation>스스로 잇기</translation>
    </message>
    <message>
        <source>How the network reads on</source>
        <translation>이어서 읽는 방법</translation>
    </message>
    <message>
        <source>Truth and the predictions of all cells over time</source>
        <translation>시각에 따른 정답과 모든 셀의 예측</translation>
    </message>
    <message>
        <source>Goes on alone after</source>
        <translation>정답을 읽는 시각</translation>
    </message>
    <message>
        <source>So many true values are read; then the network reads its own predictions. In the plot: press or drag.</source>
        <translation>여기까지는 정답을 읽고, 그다음부터는 자기 예측을 읽습니다. 그래프를 클릭하거나 끌어도 됩니다.</translation>
    </message>
</context>
<context>
    <name>BlankCells</name>
    <message>
        <source>This answer has been shown.</source>
        <translation>정답을 본 칸입니다.</translation>
    </message>
    <message>
        <source>Fill in: 8x20x20, or 1,234</source>
        <translation>예: 8x20x20 또는 1,234</translation>
    </message>
    <message>
        <source>Not yet right</source>
        <translation>아직 맞지 않습니다</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>Hint</source>
        <translation>힌트</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>as its input</source>
        <translation>입력과 같음</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>맞습니다</translation>
    </message>
    <message>
        <source>Fill in: 8x20, or 1,234</source>
        <translation>예: 8x20 또는 1,234</translation>
    </message>
</context>
<context>
    <name>BlanksCard</name>
    <message>
        <source>{network}: fill in the table</source>
        <translation>{network}: 표 채우기</translation>
    </message>
</context>
<context>
    <name>BlockDiagram</name>
    <message>
        <source>… {count} layers …</source>
        <translation>… 층 {count}개 …</translation>
    </message>
    <message>
        <source>added up</source>
        <translation>더함</translation>
    </message>
    <message>
        <source>put one behind the other</source>
        <translation>이어 붙임</translation>
    </message>
    <message>
        <source>do not come together</source>
        <translation>합쳐지지 않음</translation>
    </message>
</context>
<context>
    <name>BlockView</name>
    <message>
        <source>Unfold</source>
        <translation>펴기</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>접기</translation>
    </message>
    <message>
        <source>Its layers in the list, or only itself</source>
        <translation>층 목록에서 블록 안의 층을 모두 보거나 블록만 봅니다.</translation>
    </message>
    <message>
        <source>Add a branch</source>
        <translation>가지 더하기</translation>
    </message>
    <message>
        <source>Remove the empty branch {number}</source>
        <translation>빈 가지 빼기: {number}번째</translation>
    </message>
</context>
<context>
    <name>BoardPanel</name>
    <message>
        <source>Presets</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Where it is used</source>
        <translation>어디에 쓰이나</translation>
    </message>
</context>
<context>
    <name>BookFigures</name>
    <message>
        <source>As in {book}, experiment {number}</source>
        <translation>『{book}』 실험 {number}</translation>
    </message>
    <message>
        <source>With the preset&apos;s settings, not with your changes:</source>
        <translation>바꾼 설정이 아니라 프리셋의 설정으로 계산한 값입니다.</translation>
    </message>
    <message>
        <source>Computing...</source>
        <translation>계산 중...</translation>
    </message>
    <message>
        <source>Compute it now (minutes)</source>
        <translation>지금 계산 (몇 분)</translation>
    </message>
    <message>
        <source>{right} of {count} in band</source>
        <translation>{count}개 중 {right}개가 범위 안</translation>
    </message>
    <message>
        <source>{low} to {high}</source>
        <translation>{low}~{high}</translation>
    </message>
    <message>
        <source>expected: {band}</source>
        <translation>기댓값: {band}</translation>
    </message>
    <message>
        <source>The book prints this figure.</source>
        <translation>책에 인쇄된 값입니다.</translation>
    </message>
    <message>
        <source>Theory gives the band of this figure: what chance or rounding leaves of it.</source>
        <translation>이론에서 나온 범위입니다. 우연이나 반올림이 남기는 만큼입니다.</translation>
    </message>
    <message>
        <source>This figure is counted: it comes out exactly.</source>
        <translation>세어서 정확히 나오는 값입니다.</translation>
    </message>
    <message>
        <source>This figure hangs on random draws; the band is what others have measured.</source>
        <translation>난수에 따라 달라지는 값이며, 범위는 다른 사람들이 측정한 값입니다.</translation>
    </message>
</context>
<context>
    <name>BookGraphDialog</name>
    <message>
        <source>matrix</source>
        <translation>행렬</translation>
    </message>
    <message>
        <source>after 1 step</source>
        <translation>1번 곱한 뒤</translation>
    </message>
    <message>
        <source>after {steps} steps</source>
        <translation>{steps}번 곱한 뒤</translation>
    </message>
    <message>
        <source>spectral radius</source>
        <translation>스펙트럼 반지름</translation>
    </message>
    <message>
        <source>largest singular value</source>
        <translation>최대 특잇값</translation>
    </message>
    <message>
        <source>{factor}: in the long run every product multiplies the length by the spectral radius {radius}, which is nearly 1. So the gradient neither vanishes nor explodes within this graph.</source>
        <translation>{factor}: 여러 번 곱하면 한 번에 스펙트럼 반지름({radius})배씩 길이가 변합니다. 이 값이 1에 가까우므로 이 그래프 안에서는 기울기가 사라지지도 폭발하지도 않습니다.</translation>
    </message>
    <message>
        <source>{factor}: in the long run every product multiplies the length by the spectral radius {radius}, the largest absolute eigenvalue. It is above 1, so the gradient explodes.</source>
        <translation>{factor}: 여러 번 곱하면 한 번에 스펙트럼 반지름, 곧 절댓값이 가장 큰 고윳값({radius})배씩 길이가 변합니다. 1보다 크므로 기울기가 폭발합니다.</translation>
    </message>
    <message>
        <source>{factor}: the largest singular value {singular} is above 1, and yet the gradient vanishes. A singular value is how far one product can stretch, and only in one direction. The product turns that direction away (|cos| {cosine}), so the next one does not stretch it again. In the long run every product multiplies the length by the spectral radius {radius}, the largest absolute eigenvalue, which is below 1. Only at the start may it still grow: {start} becomes {first}.</source>
        <translation>{factor}: 최대 특잇값 {singular}, 곧 1보다 큰데도 기울기가 사라집니다. 특잇값은 한 번 곱할 때 가장 많이 늘어나는 배수이고, 그것도 한 방향에서만 그렇습니다. 그 방향은 곱하면 다른 쪽으로 돌아가므로(|cos| {cosine}) 다음번에는 다시 그만큼 늘어나지 않습니다. 여러 번 곱하면 한 번에 스펙트럼 반지름, 곧 절댓값이 가장 큰 고윳값({radius})배씩 변하고, 이 값은 1보다 작습니다. 처음에만 조금 커집니다: {start} → {first}.</translation>
    </message>
    <message>
        <source>{factor}: even the largest singular value {singular} is below 1, so every single product makes the gradient shorter, in the long run by the spectral radius {radius} a step.</source>
        <translation>{factor}: 최대 특잇값 {singular}마저 1보다 작으므로 곱할 때마다 기울기가 짧아집니다. 여러 번 곱하면 한 번에 스펙트럼 반지름({radius})배씩 줄어듭니다.</translation>
    </message>
    <message>
        <source>The gradient graph of the book, chapter 6</source>
        <translation>책 6장의 기울기 그래프</translation>
    </message>
    <message>
        <source>A gradient of ones goes back through {steps} time steps. At each one it is multiplied by the same transposed matrix W (3×3, numpy&apos;s seed 3), times a factor; there is no nonlinearity. (『밑바닥부터 시작하는 딥러닝 2』, chapter 6)</source>
        <translation>모두 1인 기울기가 {steps}단계를 거슬러 갑니다. 시각마다 같은 행렬 W(3×3, numpy 시드 3)에 배수를 곱한 것의 전치를 곱하며, 비선형 함수는 없습니다. (『밑바닥부터 시작하는 딥러닝 2』 6장)</translation>
    </message>
    <message>
        <source>steps back</source>
        <translation>거슬러 간 시각 수</translation>
    </message>
    <message>
        <source>length of the gradient</source>
        <translation>기울기의 길이</translation>
    </message>
    <message>
        <source>Length of the gradient by steps back</source>
        <translation>거슬러 간 시각 수에 따른 기울기의 길이</translation>
    </message>
    <message>
        <source>Factor of W</source>
        <translation>W의 배수</translation>
    </message>
</context>
<context>
    <name>BookPage</name>
    <message>
        <source>Open in the lab &quot;{lab}&quot;</source>
        <translation>&apos;{lab}&apos; 실험실에서 열기</translation>
    </message>
    <message>
        <source>No lab shows it</source>
        <translation>보여 주는 실험실 없음</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>Experiments of the books</source>
        <translation>책의 실험</translation>
    </message>
    <message>
        <source>Search an experiment, a chapter or a lab</source>
        <translation>실험, 장, 실험실 찾기</translation>
    </message>
    <message>
        <source>The books have no such experiment.</source>
        <translation>책에 그런 실험이 없습니다.</translation>
    </message>
    <message>
        <source>chapter {number}</source>
        <translation>{number}장</translation>
    </message>
    <message>
        <source>only its figures</source>
        <translation>값만 계산</translation>
    </message>
</context>
<context>
    <name>BroughtWords</name>
    <message>
        <source>Layers read from Keras: {count}</source>
        <translation>Keras 코드에서 읽은 층: {count}개</translation>
    </message>
    <message>
        <source>Layers read from PyTorch: {count}</source>
        <translation>PyTorch 코드에서 읽은 층: {count}개</translation>
    </message>
    <message>
        <source>· And {count} more</source>
        <translation>· 그 밖에 {count}가지</translation>
    </message>
    <message>
        <source>This network was built from the weights of {file}.</source>
        <translation>{file}의 가중치로 이 신경망을 만들었습니다.</translation>
    </message>
    <message>
        <source>The weights of {file} are in this network.</source>
        <translation>{file}의 가중치를 이 신경망에 넣었습니다.</translation>
    </message>
    <message>
        <source>The weights of {file} fit this network.</source>
        <translation>{file}의 가중치가 이 신경망에 맞습니다.</translation>
    </message>
</context>
<context>
    <name>ByHandCard</name>
    <message>
        <source>Value of {gate} by hand</source>
        <translation>{gate}에 직접 넣는 값</translation>
    </message>
    <message>
        <source>What if this gate had another value here? Type one, or press 0 or 1. Its own: {value}</source>
        <translation>이 게이트의 값이 여기서 달랐다면? 값을 입력하거나 0, 1을 누르세요. 원래 값: {value}</translation>
    </message>
    <message>
        <source>{gate} = {value} instead of {own}</source>
        <translation>{gate} = {value} (원래 {own})</translation>
    </message>
    <message>
        <source>{steps} steps later the states of all units still differ by {apart} at most</source>
        <translation>{steps}단계 뒤 모든 단위의 은닉 상태 차이: 최대 {apart}</translation>
    </message>
    <message>
        <source>one step later the states of all units differ by {apart} at most</source>
        <translation>한 단계 뒤 모든 단위의 은닉 상태 차이: 최대 {apart}</translation>
    </message>
    <message>
        <source>{state} as it is</source>
        <translation>{state}, 실제</translation>
    </message>
    <message>
        <source>{state} as it would have been</source>
        <translation>{state}, 바꾼 값일 때</translation>
    </message>
    <message>
        <source>{state} of the unit over time, and as it would have been</source>
        <translation>시각에 따른 이 단위의 {state}: 실제와 바꾼 값일 때</translation>
    </message>
    <message>
        <source>as it is</source>
        <translation>실제</translation>
    </message>
    <message>
        <source>as it would have been</source>
        <translation>바꾼 값일 때</translation>
    </message>
    <message>
        <source>A gate&apos;s value by hand</source>
        <translation>게이트 값 직접 넣기</translation>
    </message>
    <message>
        <source>Its own value</source>
        <translation>원래 값</translation>
    </message>
    <message>
        <source>Take torch&apos;s own value again</source>
        <translation>torch가 계산한 원래 값으로 돌아갑니다</translation>
    </message>
    <message>
        <source>State that is drawn</source>
        <translation>그래프에 그릴 상태</translation>
    </message>
    <message>
        <source>Set it to {value}</source>
        <translation>값 정하기: {value}</translation>
    </message>
    <message>
        <source>A {function} gives numbers from {low} to 1: the network itself cannot have this value.</source>
        <translation>{function} 함수의 값은 {low}부터 1까지입니다. 신경망에서는 나올 수 없는 값입니다.</translation>
    </message>
    <message>
        <source>No ReLU gives a number below 0: the network itself cannot have this value.</source>
        <translation>ReLU 함수의 값은 0보다 작을 수 없습니다. 신경망에서는 나올 수 없는 값입니다.</translation>
    </message>
</context>
<context>
    <name>CellArithmetic</name>
    <message>
        <source>bias {value}</source>
        <translation>편향 {value}</translation>
    </message>
    <message>
        <source>the sum of {count} products</source>
        <translation>곱 {count}개의 합</translation>
    </message>
    <message>
        <source>the largest of {count} values</source>
        <translation>값 {count}개 중 최댓값</translation>
    </message>
    <message>
        <source>{several}: the one at ({row}, {column})</source>
        <translation>{several}: ({row}, {column})의 값</translation>
    </message>
    <message>
        <source>the mean of {count} values</source>
        <translation>값 {count}개의 평균</translation>
    </message>
    <message>
        <source>input × weight, {count} products</source>
        <translation>입력 × 가중치, 곱 {count}개</translation>
    </message>
    <message>
        <source>cross-correlation: {value}</source>
        <translation>교차상관이면 {value}</translation>
    </message>
    <message>
        <source>flipped, a convolution: {value}</source>
        <translation>필터를 뒤집은 합성곱이면 {value}</translation>
    </message>
    <message>
        <source>All terms...</source>
        <translation>모든 항...</translation>
    </message>
    <message>
        <source>Every product with all its digits, to read and to copy</source>
        <translation>모든 곱을 모든 자리까지 보고 복사합니다.</translation>
    </message>
    <message>
        <source>no filter reaches this cell</source>
        <translation>이 칸에 닿는 필터 없음</translation>
    </message>
</context>
<context>
    <name>CellChoice</name>
    <message>
        <source>All three</source>
        <translation>셋 나란히</translation>
    </message>
    <message>
        <source>With Conv1d</source>
        <translation>합성곱과 나란히</translation>
    </message>
    <message>
        <source>The plain recurrent cell: h&apos; = tanh(W x + b + U h + b&apos;)</source>
        <translation>기본 순환 셀: h&apos; = tanh(W x + b + U h + b&apos;)</translation>
    </message>
    <message>
        <source>Long short-term memory: input, forget and output gate around a cell state</source>
        <translation>장단기 기억: 셀 상태를 둘러싼 입력, 망각, 출력 게이트</translation>
    </message>
    <message>
        <source>Gated recurrent unit: reset and update gate, no cell state</source>
        <translation>게이트 순환 단위: 리셋, 업데이트 게이트, 셀 상태 없음</translation>
    </message>
    <message>
        <source>RNN, LSTM and GRU side by side, with the same seed and the same data</source>
        <translation>RNN, LSTM, GRU를 같은 시드와 같은 데이터로 나란히</translation>
    </message>
    <message>
        <source>The cell and, beside it, causal convolutions over time: no recurrence, they read the present and the past only</source>
        <translation>셀 옆에 시간 방향의 인과 합성곱을 나란히 둡니다. 순환 없이 현재와 과거만 읽습니다</translation>
    </message>
    <message>
        <source>Cell</source>
        <translation>셀</translation>
    </message>
</context>
<context>
    <name>CellDiagram</name>
    <message>
        <source>set by hand</source>
        <translation>직접 넣은 값</translation>
    </message>
    <message>
        <source>Click: set its value by hand</source>
        <translation>클릭: 값을 직접 넣기</translation>
    </message>
    <message>
        <source>The cell with its values; the arrow keys step through time and units</source>
        <translation>값이 적힌 셀 그림. 화살표 키로 시각과 단위를 옮깁니다</translation>
    </message>
    <message>
        <source>{name} is set by hand</source>
        <translation>{name}: 직접 넣은 값</translation>
    </message>
</context>
<context>
    <name>CellEditor</name>
    <message>
        <source>A number from −{limit} to {limit}, such as −0.5 or 1/9</source>
        <translation>−{limit}부터 {limit}까지의 숫자를 넣으세요. 예: −0.5, 1/9</translation>
    </message>
</context>
<context>
    <name>CellSum</name>
    <message>
        <source>Exact sum of the cell</source>
        <translation>칸의 정확한 합</translation>
    </message>
    <message>
        <source>torch: {value}, equal to rounding</source>
        <translation>torch: {value}, 반올림 오차 안에서 같음</translation>
    </message>
    <message>
        <source>torch: {value}, differs by {difference}</source>
        <translation>torch: {value}, 차이: {difference}</translation>
    </message>
    <message>
        <source>as torch</source>
        <translation>torch와 같음</translation>
    </message>
    <message>
        <source>not as torch</source>
        <translation>torch와 다름</translation>
    </message>
    <message>
        <source>... {count} more products</source>
        <translation>... 곱 {count}개 더</translation>
    </message>
    <message>
        <source>maximum = {value}</source>
        <translation>최댓값 = {value}</translation>
    </message>
    <message>
        <source>input channel {number}: {value}</source>
        <translation>입력 채널 {number}: {value}</translation>
    </message>
    <message>
        <source>bias: {value}</source>
        <translation>편향: {value}</translation>
    </message>
    <message>
        <source>divided by {count}</source>
        <translation>나누는 수: {count}</translation>
    </message>
    <message>
        <source>sum = {value}</source>
        <translation>합 = {value}</translation>
    </message>
</context>
<context>
    <name>ChainPage</name>
    <message>
        <source>at most {value}</source>
        <translation>최대 {value}</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>at most</source>
        <translation>상한</translation>
    </message>
    <message>
        <source>exactly 0</source>
        <translation>정확히 0</translation>
    </message>
    <message>
        <source>gradient that reaches it</source>
        <translation>층에 닿는 기울기</translation>
    </message>
    <message>
        <source>Product: {product}</source>
        <translation>곱: {product}</translation>
    </message>
    <message>
        <source>Layer {number}</source>
        <translation>{number}층</translation>
    </message>
    <message>
        <source>{name}: sum {total}, output {output}, w·f′ {factor}, gradient {reaching}</source>
        <translation>{name}: 합 {total}, 출력 {output}, w·f′ {factor}, 기울기 {reaching}</translation>
    </message>
    <message>
        <source>No gradient reaches the first layer: one of the slopes is 0.</source>
        <translation>기울기가 0인 층이 있어 첫 층에는 기울기가 전혀 닿지 않습니다.</translation>
    </message>
    <message>
        <source>The gradient vanishes: at the first layer it is {times} times smaller.</source>
        <translation>기울기 소실: 첫 층에서는 {times}분의 1로 작아집니다.</translation>
    </message>
    <message>
        <source>The gradient explodes: at the first layer it is {times} times larger.</source>
        <translation>기울기 폭발: 첫 층에서는 {times}배로 커집니다.</translation>
    </message>
    <message>
        <source>The gradient stays of a usable size.</source>
        <translation>학습에 쓸 만한 크기의 기울기가 남습니다.</translation>
    </message>
    <message>
        <source>Gradient at the first layer</source>
        <translation>첫 층의 기울기</translation>
    </message>
    <message>
        <source>At most {power}</source>
        <translation>상한 {power}</translation>
    </message>
    <message>
        <source>Output of layer {number}</source>
        <translation>{number}층의 출력</translation>
    </message>
</context>
<context>
    <name>CheckPage</name>
    <message>
        <source>{name}: not checked yet</source>
        <translation>{name}: 아직 확인하지 않았습니다</translation>
    </message>
    <message>
        <source>worst entry</source>
        <translation>가장 큰 오차</translation>
    </message>
    <message>
        <source>central difference</source>
        <translation>중앙 차분</translation>
    </message>
    <message>
        <source>backward pass</source>
        <translation>오차역전파</translation>
    </message>
    <message>
        <source>relative error</source>
        <translation>상대 오차</translation>
    </message>
    <message>
        <source>mean |difference|</source>
        <translation>|차이|의 평균</translation>
    </message>
    <message>
        <source>both are equal</source>
        <translation>둘이 같은 선</translation>
    </message>
    <message>
        <source>derivatives</source>
        <translation>미분값</translation>
    </message>
    <message>
        <source>worst</source>
        <translation>가장 큰 오차</translation>
    </message>
    <message>
        <source>Checking, {done} of {count}: {moved} numbers moved</source>
        <translation>확인 중, {count}개 중 {done}개: 수 {moved}개를 움직였습니다</translation>
    </message>
    <message>
        <source>{moved} numbers moved by ±h, {passes} forward passes</source>
        <translation>수 {moved}개를 ±h만큼 움직였습니다(순전파 {passes}번)</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>/ {count}</translation>
    </message>
    <message>
        <source>Worst relative error</source>
        <translation>가장 큰 상대 오차</translation>
    </message>
    <message>
        <source>At most 10⁻⁷</source>
        <translation>10⁻⁷ 이하</translation>
    </message>
    <message>
        <source>Checked</source>
        <translation>확인함</translation>
    </message>
    <message>
        <source>Forward passes</source>
        <translation>순전파 횟수</translation>
    </message>
    <message>
        <source>backward: {count}</source>
        <translation>역전파 {count}번</translation>
    </message>
    <message>
        <source>Checked gradients</source>
        <translation>확인한 기울기</translation>
    </message>
    <message>
        <source>Progress of the check</source>
        <translation>확인 진행률</translation>
    </message>
    <message>
        <source>Central differences against the backward pass</source>
        <translation>오차역전파에 대한 중앙 차분</translation>
    </message>
</context>
<context>
    <name>ClassBars</name>
    <message>
        <source>class {number}</source>
        <translation>클래스 {number}</translation>
    </message>
    <message>
        <source>outputs, no probabilities · 0–1</source>
        <translation>출력값(확률 아님) · 0–1</translation>
    </message>
    <message>
        <source>one-hot</source>
        <translation>원-핫</translation>
    </message>
    <message>
        <source>mean squared error: {loss}</source>
        <translation>평균 제곱 오차: {loss}</translation>
    </message>
    <message>
        <source>{shown} of {count} classes</source>
        <translation>클래스 {count}개 중 {shown}개</translation>
    </message>
    <message>
        <source>Click the class that it should be.</source>
        <translation>정답 클래스를 클릭해 보세요.</translation>
    </message>
    <message>
        <source>probabilities · 0–{end}</source>
        <translation>확률 · 0–{end}</translation>
    </message>
    <message>
        <source>cross-entropy: −ln {p} = {loss}</source>
        <translation>교차 엔트로피: −ln {p} = {loss}</translation>
    </message>
    <message>
        <source>softmax · 0–{end}</source>
        <translation>소프트맥스 · 0–{end}</translation>
    </message>
    <message>
        <source>{shown} of {count}</source>
        <translation>{count}개 중 {shown}개</translation>
    </message>
</context>
<context>
    <name>ClassCounts</name>
    <message>
        <source>Training samples of each class</source>
        <translation>클래스별 훈련 표본 수</translation>
    </message>
    <message>
        <source>Validation samples of each class</source>
        <translation>클래스별 검증 표본 수</translation>
    </message>
    <message>
        <source>Targets of the training part</source>
        <translation>훈련 데이터의 정답</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Training {train}</source>
        <translation>훈련 {train}</translation>
    </message>
    <message>
        <source>Validation {validation}</source>
        <translation>검증 {validation}</translation>
    </message>
    <message>
        <source>Samples of each class</source>
        <translation>클래스별 표본 수</translation>
    </message>
    <message>
        <source>How often each character is read</source>
        <translation>글자별 빈도</translation>
    </message>
    <message>
        <source>How the targets are spread</source>
        <translation>정답의 분포</translation>
    </message>
    <message>
        <source>The first {shown} of {count}.</source>
        <translation>{count}개 중 앞의 {shown}개입니다.</translation>
    </message>
    <message>
        <source>The {shown} most frequent of {count}.</source>
        <translation>{count}개 중 가장 잦은 {shown}개입니다.</translation>
    </message>
    <message>
        <source>Always answering {name} is right in {share} of the validation samples: a network must be better.</source>
        <translation>검증 표본마다 늘 같은 답({name})만 해도 정확도가 {share}입니다. 신경망은 이보다 나아야 합니다.</translation>
    </message>
</context>
<context>
    <name>CoinPage</name>
    <message>
        <source>most likely {share}</source>
        <translation>가능도 최대 {share}</translation>
    </message>
    <message>
        <source>likelihood</source>
        <translation>가능도</translation>
    </message>
    <message>
        <source>p, the probability of heads</source>
        <translation>앞면의 확률 p</translation>
    </message>
    <message>
        <source>L over its largest</source>
        <translation>최댓값에 대한 L의 비</translation>
    </message>
    <message>
        <source>count</source>
        <translation>횟수</translation>
    </message>
    <message>
        <source>ln of its share</source>
        <translation>확률의 ln</translation>
    </message>
    <message>
        <source>product</source>
        <translation>곱</translation>
    </message>
    <message>
        <source>heads</source>
        <translation>앞면</translation>
    </message>
    <message>
        <source>tails</source>
        <translation>뒷면</translation>
    </message>
    <message>
        <source>at least {value}</source>
        <translation>최소 {value}</translation>
    </message>
    <message>
        <source>at p = {share}</source>
        <translation>p = {share}</translation>
    </message>
    <message>
        <source>Log likelihood</source>
        <translation>로그 가능도</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>최댓값</translation>
    </message>
    <message>
        <source>Cross-entropy per throw</source>
        <translation>한 번에 대한 교차 엔트로피</translation>
    </message>
</context>
<context>
    <name>CollapsePage</name>
    <message>
        <source>class {number}</source>
        <translation>클래스 {number}</translation>
    </message>
    <message>
        <source>{sizes} = {size}. Its line (dashed): {line}</source>
        <translation>{sizes} = {size}. 곱의 직선(점선): {line}</translation>
    </message>
    <message>
        <source>from the product</source>
        <translation>곱과의 차이</translation>
    </message>
    <message>
        <source>the product&apos;s line</source>
        <translation>곱의 직선과 같음</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>점수의 차이</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>cross-entropy</source>
        <translation>교차 엔트로피</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>one matrix: {count}</source>
        <translation>행렬 하나: {count}</translation>
    </message>
    <message>
        <source>The product of the matrices</source>
        <translation>행렬의 곱</translation>
    </message>
</context>
<context>
    <name>CollectingPad</name>
    <message>
        <source>Keep the drawings in</source>
        <translation>그림을 저장할 폴더</translation>
    </message>
    <message>
        <source>Name a label first: what is in your drawings, as cat or dog.</source>
        <translation>먼저 레이블을 만드세요. 무엇을 그릴지 적으면 됩니다. 예: 고양이, 개</translation>
    </message>
    <message>
        <source>Choose a label, draw, and press Enter.</source>
        <translation>레이블을 고르고 그린 다음 Enter를 누르세요.</translation>
    </message>
    <message>
        <source>Kept: {file}</source>
        <translation>저장됨: {file}</translation>
    </message>
    <message>
        <source>To learn: at least {count} drawings of two labels or more.</source>
        <translation>학습하려면 레이블 두 개 이상에 그림이 {count}개씩 있어야 합니다.</translation>
    </message>
    <message>
        <source>{count} drawings</source>
        <translation>그림 {count}개</translation>
    </message>
    <message>
        <source>Draw a data set</source>
        <translation>데이터 그리기</translation>
    </message>
    <message>
        <source>Labels</source>
        <translation>레이블</translation>
    </message>
    <message>
        <source>Kept in</source>
        <translation>저장 위치</translation>
    </message>
    <message>
        <source>Labels with the number of their drawings</source>
        <translation>레이블과 그림 수</translation>
    </message>
    <message>
        <source>New label</source>
        <translation>새 레이블</translation>
    </message>
    <message>
        <source>Name of a new label</source>
        <translation>새 레이블 이름</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Keep (Enter)</source>
        <translation>저장 (Enter)</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>도로 꺼내기</translation>
    </message>
    <message>
        <source>Remove the drawing that was kept last, and show it again (Backspace)</source>
        <translation>마지막으로 저장한 그림을 지우고 종이에 다시 보이기 (Backspace)</translation>
    </message>
    <message>
        <source>Other folder...</source>
        <translation>다른 폴더...</translation>
    </message>
    <message>
        <source>A new folder, or one in which a collection is to go on</source>
        <translation>새 폴더, 또는 모으던 그림이 있는 폴더</translation>
    </message>
    <message>
        <source>Learn from it</source>
        <translation>이 그림으로 학습</translation>
    </message>
    <message>
        <source>Train a network on these drawings</source>
        <translation>이 그림들로 신경망 학습시키기</translation>
    </message>
    <message>
        <source>Number keys choose the label, Enter keeps the drawing, Backspace takes the last one back. The right button erases.</source>
        <translation>숫자 키로 레이블을 고르고 Enter로 저장합니다. Backspace는 마지막 그림을 도로 꺼냅니다. 오른쪽 버튼은 지우개입니다.</translation>
    </message>
</context>
<context>
    <name>ColumnsModel</name>
    <message>
        <source>Column</source>
        <translation>열</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
    <message>
        <source>Different</source>
        <translation>서로 다른 값</translation>
    </message>
    <message>
        <source>Missing</source>
        <translation>빠진 값</translation>
    </message>
    <message>
        <source>Examples</source>
        <translation>예</translation>
    </message>
</context>
<context>
    <name>ComparePage</name>
    <message>
        <source>Parameters up to each layer</source>
        <translation>층별 누적 매개변수</translation>
    </message>
    <message>
        <source>Receptive field by layer</source>
        <translation>층별 수용 영역</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>Total</source>
        <translation>합계</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>같음</translation>
    </message>
    <message>
        <source>only in: {network}</source>
        <translation>{network}에만 있음</translation>
    </message>
    <message>
        <source>in one only</source>
        <translation>한쪽에만 있음</translation>
    </message>
    <message>
        <source>{ratio} times</source>
        <translation>{ratio}배</translation>
    </message>
    <message>
        <source>{times}: {network}</source>
        <translation>{network} 쪽이 {times}</translation>
    </message>
    <message>
        <source>{percent} less</source>
        <translation>{percent} 적음</translation>
    </message>
    <message>
        <source>{percent} smaller</source>
        <translation>{percent} 작음</translation>
    </message>
    <message>
        <source>{less}: {network}</source>
        <translation>{network} 쪽이 {less}</translation>
    </message>
    <message>
        <source>{network}: the whole input, {size}, in {layer}</source>
        <translation>{network}: {layer}에서 입력 전체 ({size})</translation>
    </message>
    <message>
        <source>{network}: {size} at {layer}</source>
        <translation>{network}: {layer}에서 {size}</translation>
    </message>
    <message>
        <source>In colour: in one of the networks only. Bold: what differs.</source>
        <translation>색: 한쪽 신경망에만 있음. 굵게: 서로 다름.</translation>
    </message>
    <message>
        <source>Both networks, layer by layer</source>
        <translation>두 신경망의 층별 비교</translation>
    </message>
</context>
<context>
    <name>ComparedRuns</name>
    <message>
        <source>Pinned runs</source>
        <translation>고정한 실행</translation>
    </message>
    <message>
        <source>Value</source>
        <comment>of a curve</comment>
        <translation>값</translation>
    </message>
</context>
<context>
    <name>ConfusionPage</name>
    <message>
        <source>Confusion</source>
        <translation>혼동 행렬</translation>
    </message>
    <message>
        <source>Confusion</source>
        <comment>choice of pages</comment>
        <translation>혼동</translation>
    </message>
    <message>
        <source>With {count} classes the matrix would have cells that nobody can see.</source>
        <translation>클래스가 {count}개라서 행렬의 칸이 보이지 않을 만큼 작아집니다.</translation>
    </message>
    <message>
        <source>{right} of {total} right, accuracy {accuracy}</source>
        <translation>{total}개 중 {right}개 정답 · 정확도 {accuracy}</translation>
    </message>
    <message>
        <source>{right}/{total} right, {accuracy}</source>
        <translation>정답 {right}/{total} · {accuracy}</translation>
    </message>
    <message>
        <source>True {true}, predicted {predicted}: {count} · recall of {true}: {recall} · precision of {predicted}: {precision}</source>
        <translation>정답 {true}, 예측 {predicted}: {count}개 · {true}의 재현율 {recall} · {predicted}의 정밀도 {precision}</translation>
    </message>
    <message>
        <source>True {true}, predicted {predicted}: {count} · recall {recall} · precision {precision}</source>
        <translation>정답 {true}, 예측 {predicted}: {count}개 · 재현율 {recall} · 정밀도 {precision}</translation>
    </message>
    <message>
        <source>True {true}, predicted {predicted}: {count}</source>
        <translation>정답 {true}, 예측 {predicted}: {count}개</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>혼동 행렬</translation>
    </message>
    <message>
        <source>{true} → {predicted}: {count}</source>
        <comment>a true and a predicted class, and how many</comment>
        <translation>{true} → {predicted}: {count}개</translation>
    </message>
</context>
<context>
    <name>ConfusionPlot</name>
    <message>
        <source>True</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Precision</source>
        <translation>정밀도</translation>
    </message>
    <message>
        <source>Predicted {name}</source>
        <translation>예측 {name}</translation>
    </message>
    <message>
        <source>Recall</source>
        <translation>재현율</translation>
    </message>
    <message>
        <source>Precision %</source>
        <translation>정밀도(%)</translation>
    </message>
    <message>
        <source>Predicted class</source>
        <translation>예측한 클래스</translation>
    </message>
    <message>
        <source>True class</source>
        <translation>정답 클래스</translation>
    </message>
    <message>
        <source>True {true}, predicted {predicted}: {count}</source>
        <translation>정답 {true}, 예측 {predicted}: {count}개</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>혼동 행렬</translation>
    </message>
</context>
<context>
    <name>ConventionsPage</name>
    <message>
        <source>All of the network&apos;s {layer} in torch: {formula} = {count}</source>
        <translation>이 신경망의 {layer} 전체 (torch): {formula} = {count}</translation>
    </message>
    <message>
        <source>All of the network&apos;s {layer} in torch: {count}</source>
        <translation>이 신경망의 {layer} 전체 (torch): {count}</translation>
    </message>
    <message>
        <source>Conventions</source>
        <translation>표기 규칙</translation>
    </message>
    <message>
        <source>Conventions</source>
        <comment>choice of pages</comment>
        <translation>표기 규칙</translation>
    </message>
    <message>
        <source>Numbers that the cell reads at each time step</source>
        <translation>셀이 시각마다 읽는 수의 개수</translation>
    </message>
    <message>
        <source>Hidden size: units of the cell. It is not the number of time steps.</source>
        <translation>은닉 크기: 셀의 단위 수입니다. 시각의 수가 아닙니다.</translation>
    </message>
    <message>
        <source>As in the network</source>
        <translation>신경망의 값으로</translation>
    </message>
    <message>
        <source>Cell</source>
        <translation>셀</translation>
    </message>
    <message>
        <source>How frameworks write this cell</source>
        <translation>프레임워크마다 이 셀을 적는 방법</translation>
    </message>
</context>
<context>
    <name>ConvolutionLab</name>
    <message>
        <source>There is not enough memory for these maps. Fewer output channels need less.</source>
        <translation>특징 맵을 담을 메모리가 모자랍니다. 출력 채널을 줄여 보세요.</translation>
    </message>
    <message>
        <source>One cell</source>
        <translation>한 칸의 계산</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>특징 맵</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>왜 이 숫자인가</translation>
    </message>
    <message>
        <source>Tensor</source>
        <translation>텐서</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>보이는 것</translation>
    </message>
    <message>
        <source>Open a picture...</source>
        <translation>그림 열기...</translation>
    </message>
    <message>
        <source>Paste a picture</source>
        <translation>그림 붙여넣기</translation>
    </message>
    <message>
        <source>Draw a picture...</source>
        <translation>그림 그리기...</translation>
    </message>
    <message>
        <source>Draw new filters</source>
        <translation>필터 다시 뽑기</translation>
    </message>
</context>
<context>
    <name>CourseView</name>
    <message>
        <source>Line at {usual}</source>
        <translation>{usual} 기준선</translation>
    </message>
    <message>
        <source>{number} over the iterations</source>
        <translation>반복에 따른 {number}</translation>
    </message>
</context>
<context>
    <name>CurveCard</name>
    <message>
        <source>Iteration {step}</source>
        <translation>반복 {step}</translation>
    </message>
    <message>
        <source>Chance</source>
        <translation>무작위 추측</translation>
    </message>
    <message>
        <source>Always the mean</source>
        <translation>평균만 예측</translation>
    </message>
    <message>
        <source>Log axis</source>
        <translation>로그 축</translation>
    </message>
    <message>
        <source>A logarithmic value axis: equal factors are equally far apart</source>
        <translation>값 축을 로그 눈금으로 봅니다. 같은 배수는 같은 간격이 됩니다.</translation>
    </message>
    <message>
        <source>Smoothing {amount}</source>
        <translation>매끄럽게 {amount}</translation>
    </message>
    <message>
        <source>Smoothing: off</source>
        <translation>매끄럽게: 끔</translation>
    </message>
    <message>
        <source>Running mean of the training curve. What was measured stays visible behind it, faintly.</source>
        <translation>훈련 곡선의 이동 평균입니다. 측정한 값은 뒤에 흐리게 남습니다.</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>따라가기</translation>
    </message>
    <message>
        <source>Keep the latest iteration in sight. Wheel: zoom, drag: move, double click: the whole run</source>
        <translation>가장 최근 반복이 늘 보입니다. 휠: 확대, 끌기: 이동, 더블클릭: 전체 보기.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>View</source>
        <translation>보기</translation>
    </message>
    <message>
        <source>Without memory</source>
        <translation>기억 없이</translation>
    </message>
</context>
<context>
    <name>CurveSamples</name>
    <message>
        <source>Sample {number}</source>
        <translation>표본 {number}</translation>
    </message>
    <message>
        <source>Time step t</source>
        <translation>시각 t</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Mark</source>
        <translation>표시</translation>
    </message>
    <message>
        <source>Input {number}</source>
        <translation>입력 {number}</translation>
    </message>
    <message>
        <source>class {name}</source>
        <translation>클래스 {name}</translation>
    </message>
    <message>
        <source>to answer: the next value at every step, at the end {value}</source>
        <translation>정답: 시각마다 다음 값, 마지막은 {value}</translation>
    </message>
    <message>
        <source>to answer: {value}</source>
        <translation>정답: {value}</translation>
    </message>
    <message>
        <source>to answer: a value at every step</source>
        <translation>정답: 시각마다 값 하나</translation>
    </message>
</context>
<context>
    <name>Curves</name>
    <message>
        <source>Iteration {step}</source>
        <translation>반복 {step}</translation>
    </message>
    <message>
        <source>Iteration {step}: {mark}</source>
        <translation>반복 {step}: {mark}</translation>
    </message>
    <message>
        <source>Time (s)</source>
        <translation>시간 (초)</translation>
    </message>
    <message>
        <source>Time (min:s)</source>
        <translation>시간 (분:초)</translation>
    </message>
    <message>
        <source>Iteration</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>Epoch</source>
        <translation>에폭</translation>
    </message>
    <message>
        <source>View all</source>
        <translation>전체 보기</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>따라가기</translation>
    </message>
    <message>
        <source>Log axis</source>
        <translation>로그 축</translation>
    </message>
    <message>
        <source>Line of pure chance</source>
        <translation>무작위 추측 선</translation>
    </message>
    <message>
        <source>Smoothing</source>
        <translation>매끄럽게</translation>
    </message>
    <message>
        <source>Iterations</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>에폭</translation>
    </message>
    <message>
        <source>Time</source>
        <translation>시간</translation>
    </message>
    <message>
        <source>Horizontal axis</source>
        <translation>가로축</translation>
    </message>
    <message>
        <source>Off</source>
        <translation>끔</translation>
    </message>
</context>
<context>
    <name>DataPage</name>
    <message>
        <source>Reading the data...</source>
        <translation>데이터를 읽는 중...</translation>
    </message>
</context>
<context>
    <name>DeadPage</name>
    <message>
        <source>before the step</source>
        <translation>진행 전</translation>
    </message>
    <message>
        <source>after the step</source>
        <translation>진행 후</translation>
    </message>
    <message>
        <source>Each square is a unit ({when}): the stronger its colour, the more samples it answers to; dead ones are crossed out</source>
        <translation>네모 하나가 단위입니다 ({when}). 진할수록 많은 표본에 반응하고, 죽은 단위에는 ×가 있습니다</translation>
    </message>
    <message>
        <source>counted</source>
        <translation>세어 본 값</translation>
    </message>
    <message>
        <source>theory</source>
        <translation>이론값</translation>
    </message>
    <message>
        <source>bias</source>
        <translation>편향</translation>
    </message>
    <message>
        <source>bias b, before the step</source>
        <translation>편향 b (진행 전)</translation>
    </message>
    <message>
        <source>dead units</source>
        <translation>죽은 단위</translation>
    </message>
    <message>
        <source>step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>after one step</source>
        <translation>한 단계 뒤</translation>
    </message>
    <message>
        <source>learning rate of the step</source>
        <translation>한 단계의 학습률</translation>
    </message>
    <message>
        <source>While samples are like these, dead units pass no gradient back: {weights} of the layer&apos;s {all} parameters stand still. A leaky ReLU would pass a little.</source>
        <translation>표본이 지금과 비슷한 동안 죽은 단위는 기울기를 전달하지 않아, 이 층의 매개변수 {all}개 중 {weights}개는 학습하지 않습니다. Leaky ReLU라면 조금은 전달합니다.</translation>
    </message>
    <message>
        <source>of {units} units</source>
        <translation>/ 단위 {units}개</translation>
    </message>
    <message>
        <source>before: {loss}</source>
        <translation>이전: {loss}</translation>
    </message>
    <message>
        <source>Dead units</source>
        <translation>죽은 단위</translation>
    </message>
    <message>
        <source>Share of dead units</source>
        <translation>죽은 단위의 비율</translation>
    </message>
    <message>
        <source>before: {share}</source>
        <translation>이전: {share}</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
</context>
<context>
    <name>DecayPage</name>
    <message>
        <source>without decay</source>
        <translation>가중치 감소 없음</translation>
    </message>
    <message>
        <source>λ/2 w² in the loss</source>
        <translation>손실에 λ/2 w²</translation>
    </message>
    <message>
        <source>decoupled (AdamW&apos;s way)</source>
        <translation>따로 빼기 (AdamW 방식)</translation>
    </message>
    <message>
        <source>least loss w*</source>
        <translation>손실 최소점 w*</translation>
    </message>
    <message>
        <source>first weight</source>
        <translation>처음 가중치</translation>
    </message>
    <message>
        <source>step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>weight w</source>
        <translation>가중치 w</translation>
    </message>
    <message>
        <source>in the loss</source>
        <translation>손실에 넣기</translation>
    </message>
    <message>
        <source>decoupled</source>
        <translation>따로 빼기</translation>
    </message>
    <message>
        <source>gradient of the loss g</source>
        <translation>손실의 기울기 g</translation>
    </message>
    <message>
        <source>+ λ w</source>
        <translation>+ λ w</translation>
    </message>
    <message>
        <source>step of the rule</source>
        <translation>최적화 방법의 이동</translation>
    </message>
    <message>
        <source>− η λ w</source>
        <translation>− η λ w</translation>
    </message>
    <message>
        <source>new weight</source>
        <translation>새 가중치</translation>
    </message>
    <message>
        <source>In the loss:</source>
        <translation>손실에 넣기:</translation>
    </message>
    <message>
        <source>Decoupled:</source>
        <translation>따로 빼기:</translation>
    </message>
    <message>
        <source>With plain descent both are the same step: η (g + λ w) = η g + η λ w.</source>
        <translation>경사 하강법에서는 두 방법의 이동이 같습니다: η (g + λ w) = η g + η λ w.</translation>
    </message>
    <message>
        <source>With momentum the decay in the loss is carried along in the velocity; decoupled, it is not.</source>
        <translation>모멘텀에서는 손실에 넣은 가중치 감소가 속도에 쌓이지만, 따로 빼면 쌓이지 않습니다.</translation>
    </message>
    <message>
        <source>Adam divides by the size of the gradient, the decay in it included: λ in the loss hardly shrinks a weight whose gradients are large. Decoupled, every weight shrinks by the same share.</source>
        <translation>Adam은 가중치 감소까지 포함한 기울기의 크기로 나눕니다. 그래서 λ를 손실에 넣으면 기울기가 큰 가중치는 거의 줄지 않습니다. 따로 빼면 모든 가중치가 같은 비율로 줄어듭니다.</translation>
    </message>
    <message>
        <source>after {count} steps</source>
        <translation>{count}단계 뒤</translation>
    </message>
    <message>
        <source>In the loss</source>
        <translation>손실에 넣기</translation>
    </message>
    <message>
        <source>Decoupled</source>
        <translation>따로 빼기</translation>
    </message>
    <message>
        <source>Without decay</source>
        <translation>가중치 감소 없음</translation>
    </message>
    <message>
        <source>Least loss with λ</source>
        <translation>λ를 넣은 손실의 최소점</translation>
    </message>
    <message>
        <source>The first step, term by term</source>
        <translation>첫 단계를 항별로</translation>
    </message>
    <message>
        <source>The weight over the steps</source>
        <translation>단계에 따른 가중치</translation>
    </message>
</context>
<context>
    <name>DerivativePage</name>
    <message>
        <source>tangent</source>
        <translation>접선</translation>
    </message>
    <message>
        <source>secant</source>
        <translation>할선</translation>
    </message>
    <message>
        <source>places that are read</source>
        <translation>계산에 쓰는 점</translation>
    </message>
    <message>
        <source>theory</source>
        <translation>이론</translation>
    </message>
    <message>
        <source>best h in theory: {h}</source>
        <translation>최적 h: {h}</translation>
    </message>
    <message>
        <source>|difference − f&apos;(x)|</source>
        <translation>|차분 − f&apos;(x)|</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>전방</translation>
    </message>
    <message>
        <source>central</source>
        <translation>중앙</translation>
    </message>
    <message>
        <source>difference</source>
        <translation>차분</translation>
    </message>
    <message>
        <source>The slope that the chosen difference gives</source>
        <translation>선택한 차분으로 구한 기울기</translation>
    </message>
    <message>
        <source>How far it is from the derivative</source>
        <translation>정확한 미분과의 차이</translation>
    </message>
    <message>
        <source>found at {h}</source>
        <translation>실제 {h}</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차분</translation>
    </message>
    <message>
        <source>Derivative f&apos;(x)</source>
        <translation>미분 f&apos;(x)</translation>
    </message>
    <message>
        <source>Error</source>
        <translation>오차</translation>
    </message>
    <message>
        <source>Best h in theory</source>
        <translation>이론상 최적 h</translation>
    </message>
    <message>
        <source>Secant and tangent: drag x and x + h</source>
        <translation>할선과 접선 (x, x + h를 끌어 보세요)</translation>
    </message>
    <message>
        <source>Error against h: drag h</source>
        <translation>h에 따른 오차 (h를 끌어 보세요)</translation>
    </message>
    <message>
        <source>The error for every power of ten, and for h</source>
        <translation>10의 거듭제곱과 지금의 h에서 생기는 오차</translation>
    </message>
    <message>
        <source>A formula of x, such as 0.01*x**2 + 0.1*x or exp(-x**2); Enter takes it</source>
        <translation>x의 수식. 예: 0.01*x**2 + 0.1*x, exp(-x**2). Enter를 누르면 적용됩니다.</translation>
    </message>
    <message>
        <source>none: {slope} = 0</source>
        <translation>없음: {slope} = 0</translation>
    </message>
</context>
<context>
    <name>DescentPage</name>
    <message>
        <source>height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>path</source>
        <translation>경로</translation>
    </message>
    <message>
        <source>lowest</source>
        <translation>가장 낮은 곳</translation>
    </message>
    <message>
        <source>now</source>
        <translation>현재</translation>
    </message>
    <message>
        <source>next step −η∇f</source>
        <translation>다음 이동 −η∇f</translation>
    </message>
    <message>
        <source>start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>height f</source>
        <translation>높이 f</translation>
    </message>
    <message>
        <source>after {step} steps: f = {height}</source>
        <translation>{step}단계 뒤: f = {height}</translation>
    </message>
    <message>
        <source>x ← x − η ∇f: each step goes downhill by the learning rate times the gradient.</source>
        <translation>x ← x − η ∇f: 한 단계마다 학습률과 기울기를 곱한 만큼 내려갑니다.</translation>
    </message>
    <message>
        <source>Then the numbers overflow.</source>
        <translation>다음 값은 오버플로입니다.</translation>
    </message>
    <message>
        <source>downhill</source>
        <translation>내려감</translation>
    </message>
    <message>
        <source>diverged</source>
        <translation>발산</translation>
    </message>
    <message>
        <source>hardly moved</source>
        <translation>거의 그대로</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Height f</source>
        <translation>높이 f</translation>
    </message>
    <message>
        <source>Largest rate</source>
        <translation>최대 학습률</translation>
    </message>
    <message>
        <source>2 / curvature</source>
        <translation>2 / 곡률</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>The path</source>
        <translation>경로</translation>
    </message>
    <message>
        <source>Height after each step</source>
        <translation>단계마다의 높이</translation>
    </message>
    <message>
        <source>Each update as numbers</source>
        <translation>갱신 하나하나의 값</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Space</translation>
    </message>
    <message>
        <source>One step on</source>
        <translation>한 단계 앞으로</translation>
    </message>
    <message>
        <source>One step back</source>
        <translation>한 단계 뒤로</translation>
    </message>
    <message>
        <source>Back to the start</source>
        <translation>처음부터</translation>
    </message>
    <message>
        <source>▶ or Space: descend</source>
        <translation>▶ 또는 Space: 내려가기</translation>
    </message>
</context>
<context>
    <name>DescentPlayer</name>
    <message>
        <source>Back to the start</source>
        <translation>처음으로</translation>
    </message>
    <message>
        <source>One step back</source>
        <translation>한 단계 뒤로</translation>
    </message>
    <message>
        <source>Go down step by step (Space)</source>
        <translation>한 단계씩 내려가기 (Space)</translation>
    </message>
    <message>
        <source>One step on</source>
        <translation>한 단계 앞으로</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Which step is looked at</source>
        <translation>살펴볼 단계</translation>
    </message>
    <message>
        <source>step {step} / {steps}</source>
        <translation>{step} / {steps}단계</translation>
    </message>
</context>
<context>
    <name>DescentsPage</name>
    <message>
        <source>start</source>
        <translation>시작점</translation>
    </message>
    <message>
        <source>lowest place</source>
        <translation>가장 낮은 곳</translation>
    </message>
    <message>
        <source>step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>height above the lowest place</source>
        <translation>가장 낮은 곳부터의 높이</translation>
    </message>
    <message>
        <source>gradient −η·g</source>
        <translation>기울기 −η·g</translation>
    </message>
    <message>
        <source>velocity</source>
        <translation>속도</translation>
    </message>
    <message>
        <source>{rule} after step {step}</source>
        <translation>{rule}, {step}단계 뒤</translation>
    </message>
    <message>
        <source>above the lowest</source>
        <translation>가장 낮은 곳부터</translation>
    </message>
    <message>
        <source>Place</source>
        <translation>위치</translation>
    </message>
    <message>
        <source>Lowest now</source>
        <translation>지금 가장 낮은 것</translation>
    </message>
    <message>
        <source>Rate × curvature</source>
        <translation>학습률 × 곡률</translation>
    </message>
    <message>
        <source>step taken</source>
        <translation>이동</translation>
    </message>
</context>
<context>
    <name>DiagnosisCard</name>
    <message>
        <source>Also seen: {titles}</source>
        <translation>그 밖에 보이는 것: {titles}</translation>
    </message>
    <message>
        <source>Before the first iteration</source>
        <translation>첫 반복 전</translation>
    </message>
    <message>
        <source>At iteration {step}</source>
        <translation>반복 {step}</translation>
    </message>
    <message>
        <source>What is seen</source>
        <translation>보이는 것</translation>
    </message>
    <message>
        <source>Why it matters</source>
        <translation>왜 문제인가</translation>
    </message>
    <message>
        <source>What to try</source>
        <translation>해 볼 것</translation>
    </message>
    <message>
        <source>Begins a new run with this edit. The one before stays in its folder</source>
        <translation>이렇게 고친 새 실행을 시작합니다. 지금 실행은 폴더에 남습니다</translation>
    </message>
    <message>
        <source>From iteration {step} on: {edit}</source>
        <translation>반복 {step}부터 {edit}</translation>
    </message>
    <message>
        <source>Begins a new run with the last moment whose numbers were finite. The one before stays in its folder</source>
        <translation>값이 유한했던 마지막 시점에서 새 실행을 시작합니다. 이전 실행은 폴더에 그대로 남습니다.</translation>
    </message>
</context>
<context>
    <name>DiagnosisLine</name>
    <message>
        <source>Diagnosis: {title}</source>
        <translation>진단: {title}</translation>
    </message>
    <message>
        <source>Diagnosis: {title} (+{others})</source>
        <translation>진단: {title} (+{others})</translation>
    </message>
    <message>
        <source>Diagnoses: {count}</source>
        <translation>진단 {count}건</translation>
    </message>
    <message>
        <source>What the doctor sees, why, and what to try</source>
        <translation>무엇이 보이는지, 왜 그런지, 무엇을 해 볼지</translation>
    </message>
</context>
<context>
    <name>DigitsPage</name>
    <message>
        <source>iteration</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>loss (mean of 21 batches)</source>
        <translation>손실 (배치 21개의 평균)</translation>
    </message>
    <message>
        <source>Loss of each optimizer over the iterations</source>
        <translation>반복에 따른 최적화 방법별 손실</translation>
    </message>
    <message>
        <source>rate</source>
        <translation>학습률</translation>
    </message>
    <message>
        <source>at {count}</source>
        <translation>{count}회</translation>
    </message>
    <message>
        <source>last {count}</source>
        <translation>마지막 {count}회</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>정지</translation>
    </message>
    <message>
        <source>Train {count} iterations</source>
        <translation>{count}회 학습</translation>
    </message>
    <message>
        <source>The data are read …</source>
        <translation>데이터를 읽는 중…</translation>
    </message>
    <message>
        <source>Train to see the losses (Space)</source>
        <translation>학습하면 손실이 그려집니다 (Space)</translation>
    </message>
    <message>
        <source>784-100-100-100-100-10 with ReLU on 4,000 digits of MNIST, batches of {batch}; all rules begin with the same weights and read the same batches. (GD, which would read all digits every time, is left out.)</source>
        <translation>ReLU를 쓰는 784-100-100-100-100-10 신경망이 MNIST 숫자 4,000개를 배치 {batch}개씩 학습합니다. 모두 같은 가중치에서 시작해 같은 배치를 읽습니다. (매번 전체를 읽는 GD는 뺐습니다.)</translation>
    </message>
    <message>
        <source>Drawn is what was trained with the settings before.</source>
        <translation>그려진 것은 설정을 바꾸기 전에 학습한 결과입니다.</translation>
    </message>
    <message>
        <source>Iterations</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>of {total}</source>
        <translation>전체 {total}</translation>
    </message>
    <message>
        <source>Batch</source>
        <translation>배치</translation>
    </message>
    <message>
        <source>of 4,000 digits</source>
        <translation>숫자 4,000개 중</translation>
    </message>
    <message>
        <source>Lowest loss</source>
        <translation>가장 낮은 손실</translation>
    </message>
    <message>
        <source>Highest loss</source>
        <translation>가장 높은 손실</translation>
    </message>
</context>
<context>
    <name>DirectionsDrawing</name>
    <message>
        <source>Both directions, and what is read from them</source>
        <translation>양쪽 방향과 거기서 읽는 값</translation>
    </message>
    <message>
        <source>Forward, reads from t = 1 on</source>
        <translation>정방향: t = 1부터 읽음</translation>
    </message>
    <message>
        <source>Backward, reads from the last step on</source>
        <translation>역방향: 마지막 시각부터 읽음</translation>
    </message>
    <message>
        <source>Last output</source>
        <translation>마지막 출력</translation>
    </message>
    <message>
        <source>Last hidden state of each direction</source>
        <translation>각 방향의 마지막 은닉 상태</translation>
    </message>
    <message>
        <source>backward: 1 step read</source>
        <translation>역방향: 1단계 읽음</translation>
    </message>
    <message>
        <source>backward: {steps} steps read</source>
        <translation>역방향: {steps}단계 읽음</translation>
    </message>
    <message>
        <source>forward: 1 step read</source>
        <translation>정방향: 1단계 읽음</translation>
    </message>
    <message>
        <source>forward: {steps} steps read</source>
        <translation>정방향: {steps}단계 읽음</translation>
    </message>
    <message>
        <source>1 step</source>
        <translation>1단계</translation>
    </message>
    <message>
        <source>{steps} steps</source>
        <translation>{steps}단계</translation>
    </message>
</context>
<context>
    <name>DirectionsPage</name>
    <message>
        <source>Both directions</source>
        <translation>양방향, 따로따로</translation>
    </message>
    <message>
        <source>Directions</source>
        <comment>choice of pages</comment>
        <translation>방향</translation>
    </message>
    <message>
        <source>This network hands on the last hidden state of each direction (h_n).</source>
        <translation>이 신경망은 각 방향의 마지막 은닉 상태(h_n)를 다음 층에 넘깁니다.</translation>
    </message>
    <message>
        <source>This network hands on the states of all time steps, both directions side by side.</source>
        <translation>이 신경망은 모든 시각의 은닉 상태를 두 방향을 나란히 이어 다음 층에 넘깁니다.</translation>
    </message>
    <message>
        <source>Once a run of a bidirectional network has begun, its two directions are shown here.</source>
        <translation>양방향 신경망의 학습을 시작하면 두 방향이 따로 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>This network reads in one direction only: its last output is its last hidden state, and there is nothing to tell apart.</source>
        <translation>이 신경망은 한 방향으로만 읽습니다. 마지막 출력이 곧 마지막 은닉 상태이므로 견줄 것이 없습니다.</translation>
    </message>
    <message>
        <source>This network has no recurrent layer.</source>
        <translation>이 신경망에는 순환 층이 없습니다.</translation>
    </message>
    <message>
        <source>The states are being read...</source>
        <translation>은닉 상태를 읽는 중...</translation>
    </message>
    <message>
        <source>With one time step both directions have read the same, and the two summaries are one.</source>
        <translation>시각이 하나뿐이면 두 방향이 같은 것을 읽으므로 두 값이 같습니다.</translation>
    </message>
    <message>
        <source>The backward direction begins at t = {last}. So the backward half of the last output has read one step only; the last hidden state of each direction has read all {steps}.</source>
        <translation>역방향은 t = {last}에서 시작합니다. 그래서 마지막 출력의 역방향 절반은 한 단계만 읽은 값이고, 각 방향의 마지막 은닉 상태는 {steps}단계를 모두 읽은 값입니다.</translation>
    </message>
    <message>
        <source>The states are no longer finite numbers.</source>
        <translation>은닉 상태가 더 이상 유한한 수가 아닙니다.</translation>
    </message>
    <message>
        <source>The forward halves are the same. The backward halves are {apart} apart.</source>
        <translation>정방향 절반은 서로 같습니다. 역방향 절반의 차이: {apart}.</translation>
    </message>
    <message>
        <source>The forward halves are the same. The backward halves are {apart} apart, {share} of the length of the last state ({length}).</source>
        <translation>정방향 절반은 서로 같습니다. 역방향 절반의 차이: {apart}, 마지막 은닉 상태 크기({length})의 {share}.</translation>
    </message>
    <message>
        <source>Switch on both directions</source>
        <translation>양방향 켜기</translation>
    </message>
    <message>
        <source>Sets the recurrent layers of the settings to bidirectional; a new run shows them</source>
        <translation>설정의 순환 층을 양방향으로 바꿉니다. 새로 학습하면 여기에 나타납니다</translation>
    </message>
</context>
<context>
    <name>Documents</name>
    <message>
        <source>Data of your own (*.csv *.tsv *.txt *.md)</source>
        <translation>내 데이터 (*.csv *.tsv *.txt *.md)</translation>
    </message>
    <message>
        <source>This file cannot be opened</source>
        <translation>이 파일을 열 수 없습니다</translation>
    </message>
    <message>
        <source>Save what the lab shows</source>
        <translation>이 실험실의 내용 저장</translation>
    </message>
    <message>
        <source>Experiments and settings (*.toml)</source>
        <translation>실험과 설정 (*.toml)</translation>
    </message>
    <message>
        <source>Copied: the setting as text</source>
        <translation>설정을 텍스트로 복사했습니다</translation>
    </message>
    <message>
        <source>There is no text on the clipboard.</source>
        <translation>클립보드에 텍스트가 없습니다.</translation>
    </message>
    <message>
        <source>Clipboard</source>
        <translation>클립보드</translation>
    </message>
    <message>
        <source>This text cannot be pasted as a setting</source>
        <translation>설정으로 붙여넣을 수 없는 텍스트입니다</translation>
    </message>
    <message>
        <source>Pasted: the setting</source>
        <translation>설정을 붙여넣었습니다</translation>
    </message>
    <message>
        <source>Open an experiment, a setting, a network or a run</source>
        <translation>실험, 설정, 네트워크, 학습 기록 열기</translation>
    </message>
    <message>
        <source>Runs that were sent (*.zip)</source>
        <translation>받은 실행 (*.zip)</translation>
    </message>
    <message>
        <source>All that opens here (*.toml *.py *.txt *.safetensors *.pth *.pt *.zip *.csv *.tsv *.md)</source>
        <translation>열 수 있는 모든 파일 (*.toml *.py *.txt *.safetensors *.pth *.pt *.zip *.csv *.tsv *.md)</translation>
    </message>
    <message>
        <source>Unpacking {file}...</source>
        <translation>압축을 푸는 중: {file}</translation>
    </message>
    <message>
        <source>Networks as code (*.py *.txt)</source>
        <translation>신경망 코드 (*.py *.txt)</translation>
    </message>
    <message>
        <source>Weights (*.safetensors *.pth *.pt)</source>
        <translation>가중치 (*.safetensors *.pth *.pt)</translation>
    </message>
</context>
<context>
    <name>DrawingPad</name>
    <message>
        <source>Draw a picture</source>
        <translation>그림 그리기</translation>
    </message>
    <message>
        <source>Canvas</source>
        <translation>그림판</translation>
    </message>
    <message>
        <source>Tool</source>
        <translation>도구</translation>
    </message>
    <message>
        <source>Paper</source>
        <translation>바탕</translation>
    </message>
    <message>
        <source>Size in pixels</source>
        <translation>크기 (픽셀)</translation>
    </message>
    <message>
        <source>Brush</source>
        <translation>붓</translation>
    </message>
    <message>
        <source>Eraser</source>
        <translation>지우개</translation>
    </message>
    <message>
        <source>Black</source>
        <translation>검은색</translation>
    </message>
    <message>
        <source>White</source>
        <translation>흰색</translation>
    </message>
    <message>
        <source>Thickness</source>
        <translation>굵기</translation>
    </message>
    <message>
        <source>How many pixels of the drawing the brush and the eraser cover ([ and ])</source>
        <translation>붓과 지우개가 덮는 픽셀 수입니다 ([ 와 ] 키).</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 하기</translation>
    </message>
    <message>
        <source>Clear all</source>
        <translation>모두 지우기</translation>
    </message>
    <message>
        <source>The lab follows your hand. The right button erases. Without a mouse: arrow keys move, Space draws.</source>
        <translation>그리는 대로 결과가 바로 바뀝니다. 오른쪽 버튼은 지웁니다. 키보드로는 화살표 키로 옮기고 Space 키로 그립니다.</translation>
    </message>
</context>
<context>
    <name>DropoutPage</name>
    <message>
        <source>feat. {number}</source>
        <translation>특징 {number}</translation>
    </message>
    <message>
        <source>± 2 σ / √k</source>
        <translation>± 2 σ / √k</translation>
    </message>
    <message>
        <source>when judging</source>
        <translation>평가할 때</translation>
    </message>
    <message>
        <source>mean over masks</source>
        <translation>마스크들의 평균</translation>
    </message>
    <message>
        <source>number of masks k</source>
        <translation>마스크 수 k</translation>
    </message>
    <message>
        <source>mean of y</source>
        <translation>y의 평균</translation>
    </message>
    <message>
        <source>Inverted dropout, as in torch: what is kept is divided by the kept share while training, so that judging need do nothing.</source>
        <translation>torch의 방식(inverted dropout)입니다. 학습할 때 남은 수를 남는 비율로 나누므로, 평가할 때는 아무것도 하지 않습니다.</translation>
    </message>
    <message>
        <source>The book&apos;s dropout: training only drops, and judging multiplies by the kept share.</source>
        <translation>책의 방식입니다. 학습할 때는 버리기만 하고, 평가할 때 남는 비율을 곱합니다.</translation>
    </message>
    <message>
        <source>Kept</source>
        <translation>남은 수</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>/ {count}</translation>
    </message>
    <message>
        <source>Factor of the kept</source>
        <translation>남은 수에 곱하는 값</translation>
    </message>
    <message>
        <source>Mean of {count} masks</source>
        <translation>마스크 {count}개의 평균</translation>
    </message>
    <message>
        <source>When judging</source>
        <translation>평가할 때</translation>
    </message>
    <message>
        <source>input {value}</source>
        <translation>입력 {value}</translation>
    </message>
    <message>
        <source>Before: x</source>
        <translation>드롭아웃 전: x</translation>
    </message>
    <message>
        <source>Mask</source>
        <translation>마스크</translation>
    </message>
    <message>
        <source>After: y</source>
        <translation>드롭아웃 후: y</translation>
    </message>
    <message>
        <source>Another mask</source>
        <translation>다른 마스크</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Space 키</translation>
    </message>
    <message>
        <source>Mean of the output over masks</source>
        <translation>마스크 수에 따른 출력의 평균</translation>
    </message>
</context>
<context>
    <name>EarlierQueues</name>
    <message>
        <source>No queues yet</source>
        <translation>아직 대기열 없음</translation>
    </message>
    <message>
        <source>{count} older ones lie in the folder of runs</source>
        <translation>더 오래된 {count}개는 실행 폴더에 있습니다</translation>
    </message>
    <message>
        <source>Earlier queues</source>
        <translation>이전 대기열</translation>
    </message>
    <message>
        <source>Open a queue that was planned before, with its results; it can be gone on with</source>
        <translation>예전에 계획한 대기열을 결과와 함께 엽니다. 이어서 할 수도 있습니다</translation>
    </message>
</context>
<context>
    <name>EmbeddingPage</name>
    <message>
        <source>Word vectors as text (*.txt *.vec *.csv);;All files (*)</source>
        <translation>단어 벡터 텍스트 (*.txt *.vec *.csv);;모든 파일 (*)</translation>
    </message>
    <message>
        <source>Open a table of word vectors</source>
        <translation>단어 벡터 표 열기</translation>
    </message>
    <message>
        <source>Sparse: {words} numbers a word, of which one is 1. Distributed: {size} numbers a word. The table has {words} × {size} = {weights} weights: {size} for each word, not one.</source>
        <translation>희소 표현: 단어마다 수 {words}개, 그중 하나만 1입니다. 분산 표현: 단어마다 수 {size}개입니다. 표의 가중치는 {words} × {size} = {weights}개입니다. 단어마다 1개가 아니라 {size}개입니다.</translation>
    </message>
    <message>
        <source>One-hot times table is {products} products and gives one row of the table; looking the row up gives the same numbers without any.</source>
        <translation>원-핫과 표를 곱하면 곱셈 {products}번으로 표의 한 행이 나옵니다. 그 행을 그냥 꺼내면 곱셈 없이 같은 수를 얻습니다.</translation>
    </message>
    <message>
        <source>Table of your own: {name}.</source>
        <translation>연 표: {name}.</translation>
    </message>
    <message>
        <source>{left_out} more words of the file are not shown.</source>
        <translation>파일의 나머지 단어 {left_out}개는 보이지 않습니다.</translation>
    </message>
    <message>
        <source>PCA: the two axes show {share} of the variance; points that are near here may be far apart in {size} dimensions</source>
        <translation>PCA: 두 축에 보이는 분산은 {share}입니다. 여기서 가까운 점도 {size}차원에서는 멀 수 있습니다</translation>
    </message>
    <message>
        <source>PCA: {share} of the variance is seen</source>
        <translation>PCA: 보이는 분산 {share}</translation>
    </message>
    <message>
        <source>Nearest to “{word}” by the cosine of the angle</source>
        <translation>“{word}”: 코사인 유사도가 가장 큰 단어</translation>
    </message>
    <message>
        <source>Nearest to “{word}”</source>
        <translation>“{word}”: 가까운 단어</translation>
    </message>
    <message>
        <source>The table is no longer made of finite numbers.</source>
        <translation>표에 유한하지 않은 수가 있습니다.</translation>
    </message>
    <message>
        <source>This network has no Embedding: it reads numbers, not words. Choose a task that reads characters, such as counting in Korean or a text of your own, with an Embedding as the first layer. Or open a table of word vectors.</source>
        <translation>이 신경망에는 Embedding이 없습니다. 단어가 아니라 수를 읽기 때문입니다. 한글로 수 세기나 내 글처럼 글자를 읽는 과제를 고르고 첫 층을 Embedding으로 두거나, 단어 벡터 표를 여세요.</translation>
    </message>
    <message>
        <source>The table of word vectors is being read...</source>
        <translation>단어 벡터 표를 읽는 중...</translation>
    </message>
    <message>
        <source>Once a run of a network with an Embedding has begun, its table of word vectors is shown here. Or open a table of word vectors from a text file.</source>
        <translation>Embedding이 있는 신경망으로 학습을 시작하면 그 단어 벡터 표가 여기에 보입니다. 텍스트 파일의 단어 벡터 표를 열 수도 있습니다.</translation>
    </message>
    <message>
        <source>Embedding</source>
        <translation>임베딩</translation>
    </message>
    <message>
        <source>Embedding</source>
        <comment>choice of pages</comment>
        <translation>임베딩</translation>
    </message>
    <message>
        <source>Map of all words in two dimensions</source>
        <translation>모든 단어의 2차원 지도</translation>
    </message>
    <message>
        <source>Word</source>
        <translation>단어</translation>
    </message>
    <message>
        <source>Type a word, then Enter</source>
        <translation>단어를 쓰고 Enter</translation>
    </message>
    <message>
        <source>Which Embedding</source>
        <translation>임베딩 고르기</translation>
    </message>
    <message>
        <source>Open a table...</source>
        <translation>표 열기...</translation>
    </message>
    <message>
        <source>Word vectors as a text file, as word2vec and GloVe write them: a word a line and its numbers after it</source>
        <translation>word2vec과 GloVe가 쓰는 단어 벡터 텍스트 파일: 한 줄에 단어 하나와 그 수들</translation>
    </message>
    <message>
        <source>The network&apos;s table</source>
        <translation>신경망의 표로</translation>
    </message>
    <message>
        <source>Nearest neighbours</source>
        <translation>가까운 단어</translation>
    </message>
    <message>
        <source>PCA axis {number} ({share})</source>
        <translation>PCA 축 {number} ({share})</translation>
    </message>
</context>
<context>
    <name>EndNotice</name>
    <message>
        <source>Space: play or pause · →: one step · Backspace: from the beginning</source>
        <translation>Space: 시작 또는 일시정지 · →: 한 단계 · Backspace: 처음부터</translation>
    </message>
    <message>
        <source>The run could not be saved: {reason}.</source>
        <translation>실행을 저장할 수 없습니다: {reason}.</translation>
    </message>
    <message>
        <source>The run has diverged.</source>
        <translation>발산한 실행입니다.</translation>
    </message>
    <message>
        <source>The run has failed.</source>
        <translation>실패한 실행입니다.</translation>
    </message>
    <message>
        <source>Stopped. What it has learned is kept.</source>
        <translation>정지했습니다. 지금까지 배운 것은 저장되어 있습니다.</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>폴더 열기</translation>
    </message>
    <message>
        <source>Validation loss {loss}</source>
        <translation>검증 손실 {loss}</translation>
    </message>
    <message>
        <source>Validation loss {loss}, accuracy {accuracy}</source>
        <translation>검증 손실 {loss}, 정확도 {accuracy}</translation>
    </message>
    <message>
        <source>Completed.</source>
        <translation>학습이 끝났습니다.</translation>
    </message>
</context>
<context>
    <name>EpochsDialog</name>
    <message>
        <source>“{name}” has done {done} epochs. For how many more does it go on?</source>
        <translation>“{name}” 실행은 {done}에폭까지 마쳤습니다. 몇 에폭 더 이어 갈까요?</translation>
    </message>
    <message>
        <source>Go on with the run</source>
        <translation>실행 계속</translation>
    </message>
    <message>
        <source>More epochs</source>
        <translation>추가 에폭</translation>
    </message>
</context>
<context>
    <name>ErrorDialog</name>
    <message>
        <source>Something unexpected happened</source>
        <translation>예상하지 못한 일이 생겼습니다</translation>
    </message>
    <message>
        <source>The program goes on. If it happens again, please send us the details.</source>
        <translation>프로그램은 계속 쓸 수 있습니다. 같은 일이 또 생기면 자세한 내용을 보내 주세요.</translation>
    </message>
    <message>
        <source>Details</source>
        <translation>자세한 내용</translation>
    </message>
    <message>
        <source>Copy details</source>
        <translation>자세한 내용 복사</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>계속</translation>
    </message>
</context>
<context>
    <name>ExamplePage</name>
    <message>
        <source>true class</source>
        <translation>정답 클래스</translation>
    </message>
    <message>
        <source>other classes</source>
        <translation>다른 클래스</translation>
    </message>
    <message>
        <source>truth t</source>
        <translation>정답 t</translation>
    </message>
    <message>
        <source>class</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>answer y</source>
        <translation>출력 y</translation>
    </message>
    <message>
        <source>share of the true class</source>
        <translation>정답 클래스의 확률</translation>
    </message>
    <message>
        <source>squared error</source>
        <translation>제곱 오차</translation>
    </message>
    <message>
        <source>cross-entropy</source>
        <translation>교차 엔트로피</translation>
    </message>
    <message>
        <source>y of the true class, the others make room</source>
        <translation>정답 클래스의 y (나머지는 비례하여 변화)</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>{of_y} = {loss}
Derivatives by {y}:
y − t = {square}
{by_y} = {log}</source>
        <translation>{of_y} = {loss}
{y}에 대한 미분
y − t = {square}
{by_y} = {log}</translation>
    </message>
    <message>
        <source>Cross-entropy {sum}</source>
        <translation>교차 엔트로피 {sum}</translation>
    </message>
    <message>
        <source>class {k}: y = {y}, t = {t}
by y: squared error {square}, cross-entropy {log}</source>
        <translation>클래스 {k}: y = {y}, t = {t}
y에 대한 미분: 제곱 오차 {square}, 교차 엔트로피 {log}</translation>
    </message>
    <message>
        <source>the answers add up to {total}</source>
        <translation>출력의 합: {total}</translation>
    </message>
    <message>
        <source>torch&apos;s MSELoss: {value}</source>
        <translation>torch의 MSELoss: {value}</translation>
    </message>
    <message>
        <source>Squared error ½Σ(y − t)²</source>
        <translation>제곱 오차 ½Σ(y − t)²</translation>
    </message>
    <message>
        <source>y of the true class</source>
        <translation>정답 클래스의 y</translation>
    </message>
</context>
<context>
    <name>ExperimentPanel</name>
    <message>
        <source>{name} (edited)</source>
        <translation>{name} (수정됨)</translation>
    </message>
    <message>
        <source>training {train} · validation {validation}</source>
        <translation>훈련 {train} · 검증 {validation}</translation>
    </message>
    <message>
        <source>{count} parameters</source>
        <translation>매개변수 {count}개</translation>
    </message>
    <message>
        <source>1 epoch = 1 iteration with all {samples} samples.</source>
        <translation>1에폭 = 반복 1번. 표본 {samples}개를 한꺼번에 씁니다.</translation>
    </message>
    <message>
        <source>1 epoch = {samples} ÷ {batch} = {iterations} iterations.</source>
        <translation>1에폭 = {samples} ÷ {batch} = 반복 {iterations}번.</translation>
    </message>
    <message>
        <source>1 epoch = {samples} ÷ {batch} → {iterations} iterations; the last batch has {last}.</source>
        <translation>1에폭 = {samples} ÷ {batch} → 반복 {iterations}번. 마지막 배치는 {last}개.</translation>
    </message>
    <message>
        <source>Fit the network to these data</source>
        <translation>신경망을 이 데이터에 맞추기</translation>
    </message>
    <message>
        <source>Experiment</source>
        <translation>실험</translation>
    </message>
    <message>
        <source>An experiment that is ready to run. Change of it what you like.</source>
        <translation>바로 실행할 수 있는 실험입니다. 마음대로 고쳐 쓸 수 있습니다.</translation>
    </message>
    <message>
        <source>Preset</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>Name of the experiment</source>
        <translation>실험 이름</translation>
    </message>
    <message>
        <source>Edit network</source>
        <translation>신경망 편집</translation>
    </message>
    <message>
        <source>Open this network in the network lab</source>
        <translation>이 신경망을 신경망 실험실에서 엽니다</translation>
    </message>
    <message>
        <source>Choose again...</source>
        <translation>다시 고르기...</translation>
    </message>
    <message>
        <source>Choose the file or the folder of these data again</source>
        <translation>이 데이터의 파일이나 폴더를 다시 고릅니다</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>Take the preset for these data</source>
        <translation>이 데이터에 맞는 프리셋 쓰기</translation>
    </message>
    <message>
        <source>The run: {epochs} epochs × {iterations} = {all} iterations.</source>
        <translation>전체: {epochs}에폭 × {iterations}번 = {all}번 반복.</translation>
    </message>
    <message>
        <source>Leave this setting out</source>
        <translation>이 설정 빼기</translation>
    </message>
    <message>
        <source>Edits of the learning rate and a few others reach it at once.</source>
        <translation>학습률 등 몇 가지는 고치면 바로 반영됩니다.</translation>
    </message>
    <message>
        <source>What reaches a run under way at once: learning rate and schedule, momentum, weight decay, gradient clipping, label smoothing, augmentation, and the probability of the Dropout layers that there are</source>
        <translation>실행 중에 바로 반영되는 설정: 학습률과 일정, 모멘텀, 가중치 감소, 기울기 자르기, 레이블 스무딩, 데이터 증강, 이미 있는 Dropout 층의 비율</translation>
    </message>
    <message>
        <source>Fetch the files…</source>
        <translation>파일 받기…</translation>
    </message>
    <message>
        <source>Choose their folder…</source>
        <translation>파일이 있는 폴더 고르기…</translation>
    </message>
    <message>
        <source>Choose the folder of the IDX files</source>
        <translation>IDX 파일이 있는 폴더 고르기</translation>
    </message>
</context>
<context>
    <name>ExportMenu</name>
    <message>
        <source>The settings make no run.</source>
        <translation>지금 설정으로는 학습할 수 없습니다.</translation>
    </message>
    <message>
        <source>Train or open a run first.</source>
        <translation>먼저 학습을 하거나 실행을 여세요.</translation>
    </message>
    <message>
        <source>Another file is being written.</source>
        <translation>다른 파일을 저장하고 있습니다.</translation>
    </message>
    <message>
        <source>Writing {file}...</source>
        <translation>저장하는 중: {file}</translation>
    </message>
    <message>
        <source>Jupyter notebooks (*.ipynb)</source>
        <translation>Jupyter 노트북 (*.ipynb)</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>표 (*.csv)</translation>
    </message>
    <message>
        <source>TensorBoard files (*.tfevents)</source>
        <translation>TensorBoard 파일 (*.tfevents)</translation>
    </message>
    <message>
        <source>Weights (*.safetensors)</source>
        <translation>가중치 (*.safetensors)</translation>
    </message>
    <message>
        <source>ONNX networks (*.onnx)</source>
        <translation>ONNX 신경망 (*.onnx)</translation>
    </message>
    <message>
        <source>Zip files (*.zip)</source>
        <translation>zip 파일 (*.zip)</translation>
    </message>
    <message>
        <source>The whole experiment as a Python script that runs without this program</source>
        <translation>이 프로그램 없이도 실행되는, 실험 전체를 담은 파이썬 스크립트입니다</translation>
    </message>
    <message>
        <source>The same as a notebook, with a few words on each part. Its losses are the run&apos;s.</source>
        <translation>같은 내용을 설명과 함께 노트북으로 만듭니다. 실행하면 손실 값도 똑같이 나옵니다.</translation>
    </message>
    <message>
        <source>Losses, accuracies and learning rate of every iteration, for a spreadsheet</source>
        <translation>반복마다 손실과 정확도, 학습률을 적은 표입니다. 스프레드시트에서 열 수 있습니다.</translation>
    </message>
    <message>
        <source>The same with the histograms of the weights, for TensorBoard</source>
        <translation>같은 값에 가중치 히스토그램을 더한 TensorBoard용 파일입니다.</translation>
    </message>
    <message>
        <source>Of the end of the run, or of the moment that is looked at, in the order of the layers</source>
        <translation>실행이 끝났을 때나 지금 보고 있는 순간의 가중치를 층 순서대로 담습니다.</translation>
    </message>
    <message>
        <source>For other programs that run or draw networks. It is run once and compared before it is saved.</source>
        <translation>신경망을 실행하거나 그려 주는 다른 프로그램에서 쓰는 파일입니다. 저장하기 전에 한 번 실행해 결과를 비교합니다.</translation>
    </message>
    <message>
        <source>All of the run in one file, to send. File &gt; Open opens it again.</source>
        <translation>실행 전체를 담아 보낼 수 있는 파일 하나입니다. 파일 &gt; 열기로 다시 엽니다.</translation>
    </message>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>PyTorch script...</source>
        <translation>PyTorch 스크립트...</translation>
    </message>
    <message>
        <source>Jupyter notebook...</source>
        <translation>Jupyter 노트북...</translation>
    </message>
    <message>
        <source>Measurements as a table (CSV)...</source>
        <translation>측정값 표 (CSV)...</translation>
    </message>
    <message>
        <source>TensorBoard file...</source>
        <translation>TensorBoard 파일...</translation>
    </message>
    <message>
        <source>Weights (safetensors)...</source>
        <translation>가중치 (safetensors)...</translation>
    </message>
    <message>
        <source>Network as ONNX...</source>
        <translation>ONNX 신경망...</translation>
    </message>
    <message>
        <source>Whole run (zip)...</source>
        <translation>실행 전체 (zip)...</translation>
    </message>
</context>
<context>
    <name>FeatureMapsPage</name>
    <message>
        <source>Feature maps</source>
        <translation>특징 맵</translation>
    </message>
    <message>
        <source>Maps</source>
        <comment>choice of pages</comment>
        <translation>특징 맵</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>{count} filters, {shape}: blue below 0, red above</source>
        <translation>필터 {count}개, {shape}: 파랑은 음수, 빨강은 양수</translation>
    </message>
    <message>
        <source>Filter of channel {number}: {count} input channels, {shape}</source>
        <translation>채널 {number}의 필터: 입력 채널 {count}개, {shape}</translation>
    </message>
    <message>
        <source>sample </source>
        <translation>표본 </translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>The layer whose output is shown, also inside of blocks</source>
        <translation>출력을 볼 층입니다. 블록 안의 층도 고를 수 있습니다.</translation>
    </message>
    <message>
        <source>Validation sample</source>
        <translation>검증 표본</translation>
    </message>
    <message>
        <source>The number of the validation sample, from 0</source>
        <translation>검증 표본의 번호입니다. 0부터 셉니다.</translation>
    </message>
    <message>
        <source>The sample before</source>
        <translation>이전 표본</translation>
    </message>
    <message>
        <source>The next sample</source>
        <translation>다음 표본</translation>
    </message>
    <message>
        <source>Filters of this layer</source>
        <translation>이 층의 필터</translation>
    </message>
    <message>
        <source>Answer for this sample</source>
        <translation>이 표본에 대한 답</translation>
    </message>
    <message>
        <source>Once a run has begun, what its layers make of a validation sample appears here.</source>
        <translation>실행을 시작하면 검증 표본이 각 층을 지나며 어떻게 바뀌는지 여기에 나타납니다.</translation>
    </message>
</context>
<context>
    <name>FetchDialog</name>
    <message>
        <source>Stop</source>
        <translation>멈추기</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
    <message>
        <source>Fetch</source>
        <translation>받기</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>이어 받기</translation>
    </message>
    <message>
        <source>{share} of {size}</source>
        <translation>{size} 중 {share}</translation>
    </message>
    <message>
        <source>Fetch data</source>
        <translation>데이터 받기</translation>
    </message>
    <message>
        <source>Fetch {name}? {size} come from {host}.</source>
        <translation>{name} 데이터를 받을까요? 크기는 {size}이고 {host}에서 받습니다.</translation>
    </message>
    <message>
        <source>Licence of the data: {licence}. The files are checked, and kept in {folder} for the next time.</source>
        <translation>데이터의 라이선스: {licence}. 받은 파일은 검사한 뒤 다음에도 쓸 수 있게 다음 폴더에 둡니다: {folder}</translation>
    </message>
</context>
<context>
    <name>FieldsView</name>
    <message>
        <source>This unit is off: its gradient is 0. Try another unit.</source>
        <translation>이 단위는 꺼져 있어 기울기가 0입니다. 다른 단위를 골라 보세요.</translation>
    </message>
    <message>
        <source>This output is too large for a unit to be followed.</source>
        <translation>출력이 너무 커서 단위를 따라갈 수 없습니다.</translation>
    </message>
    <message>
        <source>Too large to be followed.</source>
        <translation>너무 커서 따라갈 수 없습니다.</translation>
    </message>
    <message>
        <source>No maps from here on: the stack says why.</source>
        <translation>여기부터는 맵이 없습니다. 이유는 층 목록에 있습니다.</translation>
    </message>
    <message>
        <source>No maps: see the stack.</source>
        <translation>맵이 없습니다. 층 목록을 보세요.</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>Unit ({unit}) · {layer}</source>
        <translation>단위 ({unit}) · {layer}</translation>
    </message>
    <message>
        <source>jump {jump}</source>
        <translation>간격 {jump}</translation>
    </message>
    <message>
        <source>jump: the window of the next unit lies {jump} cells further in the input</source>
        <translation>간격(jump): 옆 단위의 창은 입력에서 {jump}칸 옆입니다.</translation>
    </message>
    <message>
        <source>start {start}</source>
        <translation>시작 {start}</translation>
    </message>
    <message>
        <source>start: the first unit&apos;s window has its middle at {start}, cells counted from 0</source>
        <translation>시작(start): 첫 단위의 창 가운데 위치입니다: {start} (칸은 0부터 셉니다).</translation>
    </message>
    <message>
        <source>Everything that can change the unit&apos;s value</source>
        <translation>단위의 값을 바꿀 수 있는 모든 곳</translation>
    </message>
    <message>
        <source>Dotted side: the field goes on there, outside the picture, in the padding</source>
        <translation>점선: 수용 영역이 그림 밖의 패딩으로 이어집니다.</translation>
    </message>
    <message>
        <source>Circle: here is a field that is too small to be seen</source>
        <translation>동그라미: 수용 영역이 너무 작아 위치만 표시합니다.</translation>
    </message>
    <message>
        <source>effective: needs too much memory</source>
        <translation>유효: 메모리 한도를 넘습니다</translation>
    </message>
    <message>
        <source>effective</source>
        <translation>유효</translation>
    </message>
    <message>
        <source>effective: off</source>
        <translation>유효: 꺼짐</translation>
    </message>
    <message>
        <source>effective about {size}</source>
        <translation>유효 약 {size}</translation>
    </message>
    <message>
        <source>about {size}</source>
        <translation>약 {size}</translation>
    </message>
    <message>
        <source>How much each place changes the unit&apos;s value with these weights: its gradient, dark where it is large</source>
        <translation>지금 가중치에서 각 위치가 단위의 값을 얼마나 바꾸는지 보여 줍니다. 기울기가 클수록 어둡습니다.</translation>
    </message>
    <message>
        <source>sees {count} time steps</source>
        <translation>시각 {count}개를 봅니다</translation>
    </message>
    <message>
        <source>sees only padding</source>
        <translation>패딩만 봅니다</translation>
    </message>
    <message>
        <source>sees the whole input ({size} with padding)</source>
        <translation>입력 전체를 봅니다 (패딩 포함 {size})</translation>
    </message>
    <message>
        <source>whole input ({size})</source>
        <translation>입력 전체 ({size})</translation>
    </message>
    <message>
        <source>whole input</source>
        <translation>입력 전체</translation>
    </message>
    <message>
        <source>theoretical {size}</source>
        <translation>이론상 {size}</translation>
    </message>
    <message>
        <source>What the unit sees of the picture</source>
        <translation>단위가 그림에서 보는 곳</translation>
    </message>
    <message>
        <source>What the unit reacts to</source>
        <translation>단위가 반응하는 곳</translation>
    </message>
    <message>
        <source>This layer is off: it makes no maps.</source>
        <translation>꺼진 층이라 특징 맵이 없습니다.</translation>
    </message>
    <message>
        <source>Off: no maps.</source>
        <translation>꺼진 층입니다.</translation>
    </message>
</context>
<context>
    <name>FlowPage</name>
    <message>
        <source>Saturated</source>
        <translation>포화된 출력</translation>
    </message>
    <message>
        <source>Dead units</source>
        <translation>죽은 단위</translation>
    </message>
    <message>
        <source>theory {value}</source>
        <translation>이론 {value}</translation>
    </message>
    <message>
        <source>Layer {number}: deviation</source>
        <translation>층 {number}: 전체 편차</translation>
    </message>
    <message>
        <source>between samples</source>
        <translation>표본 사이의 편차</translation>
    </message>
    <message>
        <source>of the gradients</source>
        <translation>기울기의 편차</translation>
    </message>
</context>
<context>
    <name>ForecastView</name>
    <message>
        <source>Drawn is the first of {count} features; the errors are over all.</source>
        <translation>특징 {count}개 가운데 첫째만 그렸습니다. 오차는 전체에서 계산합니다.</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Teacher-forced</source>
        <translation>정답 넣기</translation>
    </message>
    <message>
        <source>Free-running</source>
        <translation>스스로 잇기</translation>
    </message>
    <message>
        <source>The last value again</source>
        <translation>직전 값 그대로</translation>
    </message>
    <message>
        <source>The last true value, held</source>
        <translation>마지막 정답 값 그대로</translation>
    </message>
    <message>
        <source>Forced</source>
        <comment>teacher forcing, in the legend</comment>
        <translation>정답 넣기</translation>
    </message>
    <message>
        <source>Free</source>
        <comment>free running, in the legend</comment>
        <translation>스스로 잇기</translation>
    </message>
    <message>
        <source>Last value</source>
        <comment>in the legend</comment>
        <translation>직전 값</translation>
    </message>
    <message>
        <source>MSE</source>
        <translation>MSE</translation>
    </message>
    <message>
        <source>naive MSE</source>
        <translation>직전 값의 MSE</translation>
    </message>
    <message>
        <source>skill</source>
        <translation>예측력</translation>
    </message>
    <message>
        <source>this series</source>
        <translation>이 표본</translation>
    </message>
    <message>
        <source>all {count}</source>
        <translation>전체 {count}개</translation>
    </message>
    <message>
        <source>the first {count}</source>
        <translation>앞의 {count}개</translation>
    </message>
    <message>
        <source>Skill = 1 − MSE / MSE of the naive line. 1 is exact, 0 is no better than saying the last value again, below 0 is worse.</source>
        <translation>예측력 = 1 − MSE / 직전 값의 MSE. 1이면 정확하고, 0이면 직전 값을 그대로 말하는 것보다 나을 것이 없으며, 0보다 작으면 더 나쁩니다.</translation>
    </message>
    <message>
        <source>Over the steps after the start. The naive line beside it holds the last true value.</source>
        <translation>스스로 잇기 시작한 뒤의 시각에 대한 값입니다. 비교 대상은 마지막 정답 값을 그대로 둔 선입니다.</translation>
    </message>
    <message>
        <source>Time step t</source>
        <translation>시각 t</translation>
    </message>
    <message>
        <source>Truth and forecasts over time</source>
        <translation>시간에 따른 정답과 예측</translation>
    </message>
    <message>
        <source>Goes on alone after</source>
        <translation>정답을 읽는 시각</translation>
    </message>
    <message>
        <source>So many true values are read; then the network reads its own predictions. In the plot: press or drag.</source>
        <translation>여기까지는 정답을 읽고, 그다음부터는 자기 예측을 읽습니다. 그래프를 클릭하거나 끌어도 됩니다.</translation>
    </message>
    <message>
        <source>Held</source>
        <comment>the last true value, in the legend</comment>
        <translation>값 유지</translation>
    </message>
</context>
<context>
    <name>FormulaLine</name>
    <message>
        <source>does not fit</source>
        <translation>나누어떨어지지 않음</translation>
    </message>
    <message>
        <source>{division}: does not fit</source>
        <translation>{division}: 나누어떨어지지 않음</translation>
    </message>
</context>
<context>
    <name>Formulas</name>
    <message>
        <source>The division comes out even, but the window steps over cells. Never read: {cells}.</source>
        <translation>나누어떨어지지만 창이 건너뛰는 칸이 있습니다. 읽지 않은 칸: {cells}.</translation>
    </message>
    <message>
        <source>The division comes out even, and every cell is read.</source>
        <translation>나누어떨어지고, 모든 칸을 읽습니다.</translation>
    </message>
    <message>
        <source>Courses: {size} = {division}, does not fit. Ceil mode rounds up: {outputs}.</source>
        <translation>강의의 식: {size} = {division}, 나누어떨어지지 않습니다. 올림 모드(ceil mode)에서는 올림합니다: {outputs}.</translation>
    </message>
    <message>
        <source>Courses: {size} = {division}, does not fit. torch rounds down: {outputs}.</source>
        <translation>강의의 식: {size} = {division}, 나누어떨어지지 않습니다. torch는 내림합니다: {outputs}.</translation>
    </message>
    <message>
        <source>Never read: {cells}.</source>
        <translation>읽지 않은 칸: {cells}.</translation>
    </message>
    <message>
        <source>Every cell is read.</source>
        <translation>모든 칸을 읽습니다.</translation>
    </message>
    <message>
        <source>Nothing is divided here, so every size fits.</source>
        <translation>나눗셈이 없으므로 어떤 크기든 맞아떨어집니다.</translation>
    </message>
    <message>
        <source>Nothing is divided here, so every size fits. A convolution with stride {stride} makes one size of {stride} different ones; the output padding Q chooses which of them comes back.</source>
        <translation>나눗셈이 없으므로 어떤 크기든 맞아떨어집니다. 합성곱(스트라이드: {stride})은 서로 다른 {stride}가지 크기를 한 크기로 줄입니다. 그중 어느 크기로 되돌릴지는 출력 패딩 Q로 정합니다.</translation>
    </message>
    <message>
        <source>{count} cell</source>
        <translation>{count}개</translation>
    </message>
    <message>
        <source>{count} cells</source>
        <translation>{count}개</translation>
    </message>
    <message>
        <source>{count} row</source>
        <translation>행 {count}개</translation>
    </message>
    <message>
        <source>{count} rows</source>
        <translation>행 {count}개</translation>
    </message>
    <message>
        <source>{count} column</source>
        <translation>열 {count}개</translation>
    </message>
    <message>
        <source>{count} columns</source>
        <translation>열 {count}개</translation>
    </message>
    <message>
        <source>{count} frame</source>
        <translation>프레임 {count}개</translation>
    </message>
    <message>
        <source>{count} frames</source>
        <translation>프레임 {count}개</translation>
    </message>
    <message>
        <source>Why: the formulas with these numbers</source>
        <translation>왜 이 숫자인가: 지금 값을 넣은 식</translation>
    </message>
</context>
<context>
    <name>FoundationsLab</name>
    <message>
        <source>Boards</source>
        <translation>판</translation>
    </message>
    <message>
        <source>Previous board</source>
        <translation>이전 판</translation>
    </message>
    <message>
        <source>Next board</source>
        <translation>다음 판</translation>
    </message>
</context>
<context>
    <name>GateMaps</name>
    <message>
        <source>Unit {unit}: {name}</source>
        <translation>단위 {unit}: {name}</translation>
    </message>
    <message>
        <source>{name} · unit {unit} · t = {t}: {value}</source>
        <translation>{name} · 단위 {unit} · t = {t}: {value}</translation>
    </message>
</context>
<context>
    <name>GatesPage</name>
    <message>
        <source>Gates and states</source>
        <translation>게이트와 상태</translation>
    </message>
    <message>
        <source>Gates</source>
        <comment>choice of pages</comment>
        <translation>게이트</translation>
    </message>
    <message>
        <source>Sample</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Sample {number} / {total}</source>
        <translation>표본 {number} / {total}</translation>
    </message>
    <message>
        <source>Layer {number}</source>
        <translation>층 {number}</translation>
    </message>
    <message>
        <source>Unit {unit} · t = {t} · {name} = {value}</source>
        <translation>단위 {unit} · t = {t} · {name} = {value}</translation>
    </message>
    <message>
        <source>A convolution keeps no state: each value sees {reach} time steps, the present one and those before</source>
        <translation>합성곱에는 상태가 없습니다. 값마다 지금을 포함해 앞선 시각 {reach}개만 봅니다</translation>
    </message>
    <message>
        <source>dilation {dilation}</source>
        <translation>팽창 {dilation}</translation>
    </message>
    <message>
        <source>A plain RNN has no gate: nothing says how much of the old state stays</source>
        <translation>기본 RNN에는 게이트가 없습니다. 이전 상태를 얼마나 남길지 정하는 것이 없습니다</translation>
    </message>
    <message>
        <source>half-life {steps}, {letter} &lt; 0.1: {closed}, &gt; 0.9: {opened}</source>
        <translation>반감기 {steps}, {letter} &lt; 0.1: {closed}, &gt; 0.9: {opened}</translation>
    </message>
    <message>
        <source>half-life {steps}</source>
        <translation>반감기 {steps}</translation>
    </message>
    <message>
        <source>Unit {unit}: {mine} · all: {every}</source>
        <translation>단위 {unit}: {mine} · 전체: {every}</translation>
    </message>
    <message>
        <source>Half-life: after so many steps half of the state is left if nothing is added, −ln 2 / ln f, with the geometric mean of f over the sequence; of a GRU z is what f is here</source>
        <translation>반감기: 아무것도 더해지지 않을 때 상태가 절반이 되기까지의 시각 수로 −ln 2 / ln f입니다. f는 시퀀스 전체의 기하평균이고, GRU에서는 z가 f의 자리에 옵니다</translation>
    </message>
    <message>
        <source>{steps} steps</source>
        <translation>{steps}단계</translation>
    </message>
    <message>
        <source>live, {rate} Hz</source>
        <translation>실시간 {rate} Hz</translation>
    </message>
    <message>
        <source>This network has no recurrent layer: there are no gates to look at.</source>
        <translation>이 신경망에는 순환 층이 없어서 살펴볼 게이트가 없습니다.</translation>
    </message>
    <message>
        <source>The gates are being read...</source>
        <translation>게이트를 읽는 중...</translation>
    </message>
    <message>
        <source>Press Play: the gates of a validation sequence appear here and follow the training.</source>
        <translation>시작을 누르면 검증 시퀀스 하나의 게이트가 여기에 나타나고 학습을 따라 바뀝니다.</translation>
    </message>
    <message>
        <source>The sample before</source>
        <translation>이전 표본</translation>
    </message>
    <message>
        <source>The next sample</source>
        <translation>다음 표본</translation>
    </message>
    <message>
        <source>Which recurrent layer is shown</source>
        <translation>보여 줄 순환 층</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>Forward</source>
        <translation>정방향</translation>
    </message>
    <message>
        <source>Backward</source>
        <translation>역방향</translation>
    </message>
    <message>
        <source>Direction</source>
        <translation>방향</translation>
    </message>
    <message>
        <source>Order: as numbered</source>
        <translation>정렬: 번호순</translation>
    </message>
    <message>
        <source>Order: forget value</source>
        <translation>정렬: 망각값</translation>
    </message>
    <message>
        <source>Order: activity</source>
        <translation>정렬: 활동</translation>
    </message>
    <message>
        <source>Order of the units in the maps: those that keep most, or are most active, on top</source>
        <translation>그림 속 단위의 순서: 가장 많이 남기는 단위나 가장 활발한 단위가 위에 옵니다</translation>
    </message>
    <message>
        <source>Order of the units</source>
        <translation>단위 정렬</translation>
    </message>
    <message>
        <source>Gates and states, unit by time step</source>
        <translation>게이트와 상태, 단위 × 시각</translation>
    </message>
</context>
<context>
    <name>GaussianPage</name>
    <message>
        <source>most likely</source>
        <translation>가능도 최대</translation>
    </message>
    <message>
        <source>density</source>
        <translation>밀도</translation>
    </message>
    <message>
        <source>likelihood of each point</source>
        <translation>점마다의 가능도</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>deviation</source>
        <translation>표준편차</translation>
    </message>
    <message>
        <source>mean and deviation</source>
        <translation>평균과 표준편차</translation>
    </message>
    <message>
        <source>mean μ</source>
        <translation>평균 μ</translation>
    </message>
    <message>
        <source>deviation σ</source>
        <translation>표준편차 σ</translation>
    </message>
    <message>
        <source>Drag points, mean and deviation. A click adds a point, Delete or a right click removes one.</source>
        <translation>점, 평균, 표준편차를 끌어 보세요. 클릭하면 점이 생기고, Delete나 오른쪽 클릭으로 지웁니다.</translation>
    </message>
    <message>
        <source>ln L = −Σ(x − μ)²/2σ² − n ln σ − n/2 ln 2π = {squares} {spread} {constant} = {total}</source>
        <translation>ln L = −Σ(x − μ)²/2σ² − n ln σ − n/2 ln 2π = {squares} {spread} {constant} = {total}</translation>
    </message>
    <message>
        <source>−ln L per point</source>
        <translation>점마다 −ln L</translation>
    </message>
    <message>
        <source>yours</source>
        <translation>지금 값</translation>
    </message>
    <message>
        <source>p({x}) = {density}
nearest point {point}: p = {share}, ln p = {log}</source>
        <translation>p({x}) = {density}
가까운 점 {point}: p = {share}, ln p = {log}</translation>
    </message>
    <message>
        <source>at μ = {mean}, σ = {deviation}</source>
        <translation>μ = {mean}, σ = {deviation}</translation>
    </message>
    <message>
        <source>Log likelihood of {count} points</source>
        <translation>점 {count}개의 로그 가능도</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>최댓값</translation>
    </message>
    <message>
        <source>Likelihood L</source>
        <translation>가능도 L</translation>
    </message>
</context>
<context>
    <name>GlossaryPage</name>
    <message>
        <source>Glossary</source>
        <translation>용어집</translation>
    </message>
    <message>
        <source>Search a term, in Korean or English</source>
        <translation>용어 찾기 (한국어, 영어)</translation>
    </message>
    <message>
        <source>The glossary has no such term.</source>
        <translation>용어집에 없는 말입니다.</translation>
    </message>
</context>
<context>
    <name>GradientWords</name>
    <message>
        <source>At each step back {share} of what one loss sends back is left on average.</source>
        <translation>손실 하나가 거슬러 보내는 기울기는 시각마다 평균 {share}만 남습니다.</translation>
    </message>
    <message>
        <source>At each step back {share} of what one loss sends back is left on average: after {steps} steps a thousandth.</source>
        <translation>손실 하나가 거슬러 보내는 기울기는 시각마다 평균 {share}만 남습니다: {steps}단계를 거슬러 가면 1000분의 1입니다.</translation>
    </message>
    <message>
        <source>At each step back what one loss sends back grows to {times} times on average: after {steps} steps a thousand times.</source>
        <translation>손실 하나가 거슬러 보내는 기울기는 시각마다 평균 {times}배로 커집니다: {steps}단계를 거슬러 가면 1000배입니다.</translation>
    </message>
    <message>
        <source>What one loss sends back shrinks to {share} at t = {t} and then grows again: it has no one slope.</source>
        <translation>손실 하나가 거슬러 보내는 기울기는 t = {t}에서 {share}까지 줄었다가 다시 커집니다. 시각마다 같은 비율로 변하지 않습니다.</translation>
    </message>
    <message>
        <source>shrinks to {share} at t = {t}, then grows</source>
        <translation>t = {t}에서 {share}까지 줄었다가 다시 커짐</translation>
    </message>
    <message>
        <source>stays about as long over all {length} steps</source>
        <translation>{length}단계 내내 거의 그대로</translation>
    </message>
    <message>
        <source>{share} left a step</source>
        <translation>시각마다 {share} 남음</translation>
    </message>
    <message>
        <source>{share} left a step, a thousandth after {steps} steps</source>
        <translation>시각마다 {share} 남음, {steps}단계면 1000분의 1</translation>
    </message>
    <message>
        <source>×{times} a step, a thousandfold after {steps} steps</source>
        <translation>시각마다 {times}배, {steps}단계면 1000배</translation>
    </message>
    <message>
        <source>It shrinks although one step can stretch a gradient by up to {norm}, the largest singular value: that is for one direction only, which the step turns away. Over many steps the spectral radius decides, {radius}, below 1.</source>
        <translation>한 시각에 기울기가 최대 특잇값인 {norm}배까지 늘어날 수 있는데도 줄어듭니다. 그만큼 늘어나는 것은 한 방향뿐이고, 그 방향은 다음 시각에 다른 쪽으로 돌아가기 때문입니다. 여러 시각에 걸쳐서는 1보다 작은 스펙트럼 반지름({radius})이 결정합니다.</translation>
    </message>
    <message>
        <source>No direction grows: even the largest singular value of a step is {norm}.</source>
        <translation>어느 방향으로도 커지지 않습니다: 한 시각의 최대 특잇값마저 {norm}입니다.</translation>
    </message>
    <message>
        <source>Single steps have a spectral radius of {radius}, above 1, and yet the gradient shrinks: the Jacobians change from step to step and do not stretch one and the same direction.</source>
        <translation>한 시각의 스펙트럼 반지름은 1보다 크지만({radius}) 기울기는 줄어듭니다. 야코비 행렬이 시각마다 달라 같은 방향을 계속 늘리지 않기 때문입니다.</translation>
    </message>
    <message>
        <source>The spectral radius of a step is {radius}, above 1: some direction grows at every step back.</source>
        <translation>한 시각의 스펙트럼 반지름이 1보다 큽니다({radius}): 거슬러 갈 때마다 커지는 방향이 있습니다.</translation>
    </message>
    <message>
        <source>no</source>
        <comment>clipping</comment>
        <translation>안 함</translation>
    </message>
    <message>
        <source>off (length {length})</source>
        <translation>끔 (길이 {length})</translation>
    </message>
    <message>
        <source>does not bite ({length} ≤ {clip})</source>
        <translation>자르지 않음 ({length} ≤ {clip})</translation>
    </message>
    <message>
        <source>{factor} ({length} &gt; {clip})</source>
        <translation>{factor} ({length} &gt; {clip})</translation>
    </message>
    <message>
        <source>The largest absolute eigenvalue of the recurrent Jacobian, of an LSTM by h and c together: the geometric mean over some time steps, and the range. Over many steps it says whether a gradient vanishes or grows.</source>
        <translation>순환 야코비 행렬(LSTM에서는 h와 c를 함께 본 것)의 절댓값이 가장 큰 고윳값: 몇몇 시각의 기하 평균과 범위입니다. 여러 시각에 걸쳐 기울기가 사라질지 커질지를 말해 줍니다.</translation>
    </message>
    <message>
        <source>The most that the recurrent Jacobian of one step can stretch a gradient, in the best direction.</source>
        <translation>한 시각의 순환 야코비 행렬이 기울기를 가장 많이 늘릴 수 있는 배수 (가장 유리한 방향에서)</translation>
    </message>
    <message>
        <source>How many powers of ten the gradient of the last loss step changes by at each step back, on average over all steps.</source>
        <translation>마지막 손실의 기울기가 한 시각 거슬러 갈 때마다 10의 몇 제곱만큼 변하는지, 전체 시각의 평균</translation>
    </message>
    <message>
        <source>The length of this sample&apos;s gradient by all weights, and by what clipping would multiply it. In training the gradient of a whole batch is clipped.</source>
        <translation>이 표본의 모든 가중치에 대한 기울기의 길이와, 자르기가 거기에 곱하는 배수. 학습에서는 배치 전체의 기울기를 자릅니다.</translation>
    </message>
    <message>
        <source>loss at t = {t}</source>
        <translation>t = {t}의 손실</translation>
    </message>
    <message>
        <source>loss at t = {first}–{last}</source>
        <translation>t = {first}–{last}의 손실</translation>
    </message>
    <message>
        <source>Coloured lines: what single loss steps send back. Below: the share of each group of loss steps in the total. The shares add up to 100% at every t; what lies below 0 pulls the other way.</source>
        <translation>색 선: 손실 하나하나가 거슬러 보내는 기울기. 아래: 손실 묶음마다 전체에서 차지하는 몫. 몫은 t마다 더하면 100%이고, 0 아래는 반대로 당기는 몫입니다.</translation>
    </message>
    <message>
        <source>▼: exactly 0, no gradient arrives there.</source>
        <translation>▼: 정확히 0, 기울기가 전혀 닿지 않습니다.</translation>
    </message>
    <message>
        <source>Truncated backpropagation: nothing flows from a window of {steps} steps into the one before.</source>
        <translation>끊어서 하는 역전파: {steps}단계짜리 구간에서 앞 구간으로는 기울기가 흐르지 않습니다.</translation>
    </message>
    <message>
        <source>What one loss sends back stays about as long over all {length} time steps.</source>
        <translation>손실 하나가 거슬러 보내는 기울기는 {length}단계 내내 길이가 거의 그대로입니다.</translation>
    </message>
</context>
<context>
    <name>GradientsPage</name>
    <message>
        <source>loss at t = {t}</source>
        <translation>t = {t}의 손실</translation>
    </message>
    <message>
        <source>spectral radius</source>
        <translation>스펙트럼 반지름</translation>
    </message>
    <message>
        <source>largest singular value</source>
        <translation>최대 특잇값</translation>
    </message>
    <message>
        <source>slope, decades a step</source>
        <translation>시각당 log₁₀ 변화</translation>
    </message>
    <message>
        <source>clipping</source>
        <translation>자르기</translation>
    </message>
    <message>
        <source>The gradient is no longer made of finite numbers.</source>
        <translation>기울기에 유한하지 않은 수가 있습니다.</translation>
    </message>
    <message>
        <source>This network has no recurrent layer: choose RNN, LSTM or GRU.</source>
        <translation>이 신경망에는 순환 층이 없습니다: RNN, LSTM, GRU 가운데 하나를 고르세요.</translation>
    </message>
    <message>
        <source>The gradient is being computed...</source>
        <translation>기울기를 계산하는 중...</translation>
    </message>
    <message>
        <source>Once a run has begun, the gradient of one sample&apos;s loss is followed back through time here.</source>
        <translation>학습을 시작하면 표본 하나의 손실에서 나온 기울기가 시간을 거슬러 가는 모습이 여기에 보입니다.</translation>
    </message>
    <message>
        <source>Gradient through time</source>
        <translation>시간을 거슬러 가는 기울기</translation>
    </message>
    <message>
        <source>Gradient</source>
        <comment>choice of pages</comment>
        <translation>기울기</translation>
    </message>
    <message>
        <source>Time step t</source>
        <translation>시각 t</translation>
    </message>
    <message>
        <source>Length of the total gradient at every time step</source>
        <translation>시각마다 전체 기울기의 길이</translation>
    </message>
    <message>
        <source>share</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>Shares of the loss steps in the total gradient</source>
        <translation>전체 기울기에서 손실마다 차지하는 몫</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>The total derivative of the loss by the hidden state of each time step</source>
        <translation>시각마다 은닉 상태에 대한 손실의 전체 기울기</translation>
    </message>
    <message>
        <source>The total derivative by the cell state, which an LSTM alone has</source>
        <translation>셀 상태에 대한 전체 기울기 (셀 상태는 LSTM에만 있습니다)</translation>
    </message>
    <message>
        <source>By loss step</source>
        <translation>손실별로</translation>
    </message>
    <message>
        <source>Split the gradient into the parts that each loss step sends back</source>
        <translation>시각마다의 손실이 거슬러 보내는 부분으로 나누기</translation>
    </message>
    <message>
        <source>The book&apos;s graph</source>
        <translation>책의 그래프</translation>
    </message>
    <message>
        <source>The gradient graph of 『밑바닥부터 시작하는 딥러닝 2』, chapter 6</source>
        <translation>『밑바닥부터 시작하는 딥러닝 2』 6장의 기울기 그래프</translation>
    </message>
    <message>
        <source>{cell}, last loss</source>
        <translation>{cell}, 마지막 손실</translation>
    </message>
    <message>
        <source>last loss alone</source>
        <comment>in the legend</comment>
        <translation>마지막 손실만</translation>
    </message>
</context>
<context>
    <name>GraphMenu</name>
    <message>
        <source>Save the graph</source>
        <translation>그래프 저장</translation>
    </message>
    <message>
        <source>Numbers of {name}...</source>
        <translation>수 보기: {name}...</translation>
    </message>
    <message>
        <source>Gradient of {name}...</source>
        <translation>기울기 보기: {name}...</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>그림 복사</translation>
    </message>
    <message>
        <source>Save picture...</source>
        <translation>그림 저장...</translation>
    </message>
</context>
<context>
    <name>GraphPage</name>
    <message>
        <source>sum of its {count} numbers</source>
        <translation>수 {count}개의 합</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>/ {count}</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>기울기</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Backward − differences</source>
        <translation>역전파 − 중앙 차분</translation>
    </message>
    <message>
        <source>too many numbers</source>
        <translation>수가 너무 많습니다</translation>
    </message>
    <message>
        <source>Formula</source>
        <translation>수식</translation>
    </message>
    <message>
        <source>+ − * / ^, @ for a matrix product, your own names, and the functions {functions}</source>
        <translation>+ − * / ^, 행렬 곱 @, 직접 지은 변수 이름, 그리고 함수 {functions}</translation>
    </message>
    <message>
        <source>Graph of values and gradients</source>
        <translation>값과 기울기의 계산 그래프</translation>
    </message>
    <message>
        <source>not yet</source>
        <translation>아직</translation>
    </message>
</context>
<context>
    <name>GraphPlayer</name>
    <message>
        <source>To the given values (Home)</source>
        <translation>주어진 값으로 (Home)</translation>
    </message>
    <message>
        <source>One step back (←)</source>
        <translation>한 단계 뒤로 (←)</translation>
    </message>
    <message>
        <source>One step on (→)</source>
        <translation>한 단계 앞으로 (→)</translation>
    </message>
    <message>
        <source>To the end: all values and gradients (End)</source>
        <translation>끝으로: 모든 값과 기울기 (End)</translation>
    </message>
    <message>
        <source>Play the steps one after the other (Space)</source>
        <translation>단계를 차례로 보여 줍니다 (Space)</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>First forward, then backward, node by node</source>
        <translation>순전파 다음에 역전파, 노드 하나씩</translation>
    </message>
</context>
<context>
    <name>GraphView</name>
    <message>
        <source>Wheel: zoom · drag: move · 0: all of it</source>
        <translation>휠: 확대, 축소 · 끌기: 옮기기 · 0: 전체</translation>
    </message>
</context>
<context>
    <name>GridEditing</name>
    <message>
        <source>Double-click a cell or type a number to change it. Shift+wheel or Alt+↑↓: ±0.1</source>
        <translation>칸을 더블클릭하거나 숫자를 입력하면 바뀝니다. Shift+휠 또는 Alt+↑↓: ±0.1</translation>
    </message>
    <message>
        <source>Number at ({row}, {column})</source>
        <translation>({row}, {column}) 칸의 값</translation>
    </message>
</context>
<context>
    <name>GridMenu</name>
    <message>
        <source>Show as table...</source>
        <translation>표로 보기...</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>표 복사</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>그림 복사</translation>
    </message>
</context>
<context>
    <name>HandPage</name>
    <message>
        <source>−∂E/∂z = t − y</source>
        <translation>−∂E/∂z = t − y</translation>
    </message>
    <message>
        <source>score z</source>
        <translation>점수 z</translation>
    </message>
    <message>
        <source>answer y</source>
        <translation>출력 y</translation>
    </message>
    <message>
        <source>truth t</source>
        <translation>정답 t</translation>
    </message>
    <message>
        <source>product: ∂E/∂z</source>
        <translation>곱: ∂E/∂z</translation>
    </message>
    <message>
        <source>difference quotient, h = 10⁻⁴</source>
        <translation>수치 미분, h = 10⁻⁴</translation>
    </message>
    <message>
        <source>{z} = {score}, y = {output}, t = {truth}, y − t = {difference}</source>
        <translation>{z} = {score}, y = {output}, t = {truth}, y − t = {difference}</translation>
    </message>
    <message>
        <source>Likelihood of the truth</source>
        <translation>정답의 가능도</translation>
    </message>
    <message>
        <source>difference quotient: {apart} off</source>
        <translation>수치 미분과의 차: {apart}</translation>
    </message>
    <message>
        <source>log: {value}</source>
        <translation>로그: {value}</translation>
    </message>
    <message>
        <source>Loss E = −ln L</source>
        <translation>손실 E = −ln L</translation>
    </message>
    <message>
        <source>Largest |y − t|</source>
        <translation>가장 큰 |y − t|</translation>
    </message>
</context>
<context>
    <name>HeatMap</name>
    <message>
        <source>{rows} × {columns} values from {low} to {high}</source>
        <translation>{rows} × {columns}개 값: {low} ~ {high}</translation>
    </message>
    <message>
        <source>, {count} not finite</source>
        <translation>, 유한하지 않은 값 {count}개</translation>
    </message>
</context>
<context>
    <name>HelpMenu</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Glossary</source>
        <translation>용어집</translation>
    </message>
    <message>
        <source>Experiments of the books</source>
        <translation>책의 실험</translation>
    </message>
    <message>
        <source>Tour in five steps</source>
        <translation>5단계 둘러보기</translation>
    </message>
</context>
<context>
    <name>Histogram</name>
    <message>
        <source>{count} values from {low} to {high}</source>
        <translation>값 {count}개: {low} ~ {high}</translation>
    </message>
    <message>
        <source>, {count} not finite</source>
        <translation>, 유한하지 않은 값 {count}개</translation>
    </message>
    <message>
        <source>Log axis</source>
        <translation>로그 축</translation>
    </message>
</context>
<context>
    <name>Im2colView</name>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>im2col matrix</source>
        <translation>im2col 행렬</translation>
    </message>
    <message>
        <source>Filter as a column</source>
        <translation>한 열로 세운 필터</translation>
    </message>
    <message>
        <source>Output as a column</source>
        <translation>한 열로 세운 출력</translation>
    </message>
    <message>
        <source>Point at a cell to see every place of the matrix where it stands.</source>
        <translation>칸을 가리키면 행렬에서 그 칸이 놓인 자리가 모두 보입니다.</translation>
    </message>
    <message>
        <source>Each row is the window of an output cell, each column a weight. The wheel moves from row to row.</source>
        <translation>행 하나가 출력 한 칸의 창, 열 하나가 가중치 하나입니다. 휠을 돌리면 행을 따라 움직입니다.</translation>
    </message>
    <message>
        <source>The filter&apos;s weights one below the other. Point at one to see its column of the matrix.</source>
        <translation>필터의 가중치를 위에서 아래로 세웠습니다. 하나를 가리키면 행렬의 해당 열이 보입니다.</translation>
    </message>
    <message>
        <source>Each row times the filter. Point at a cell to see its row and its window.</source>
        <translation>행마다 필터와 곱한 결과입니다. 칸을 가리키면 그 행과 창이 보입니다.</translation>
    </message>
    <message>
        <source>im2col matrix ({rows} × {columns})</source>
        <translation>im2col 행렬 ({rows} × {columns})</translation>
    </message>
    <message>
        <source>im2col matrix of output plane {plane} ({rows} × {columns})</source>
        <translation>im2col 행렬, 출력 평면 {plane} ({rows} × {columns})</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>max</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>Columns of the matrix</source>
        <translation>행렬의 열</translation>
    </message>
    <message>
        <source>columns {first} to {last}</source>
        <translation>열 {first}~{last}</translation>
    </message>
</context>
<context>
    <name>InputForm</name>
    <message>
        <source>Channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>너비</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>값의 개수</translation>
    </message>
    <message>
        <source>Time steps</source>
        <translation>시각 수</translation>
    </message>
    <message>
        <source>Features</source>
        <translation>특징 수</translation>
    </message>
    <message>
        <source>Depth</source>
        <translation>깊이</translation>
    </message>
    <message>
        <source>Picture (C, H, W)</source>
        <translation>그림 (C, H, W)</translation>
    </message>
    <message>
        <source>Sequence (T, F)</source>
        <translation>시퀀스 (T, F)</translation>
    </message>
    <message>
        <source>Vector, or tokens</source>
        <translation>벡터 또는 토큰</translation>
    </message>
    <message>
        <source>Film (C, D, H, W)</source>
        <translation>영상 (C, D, H, W)</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
</context>
<context>
    <name>JudgedPage</name>
    <message>
        <source>This network answers with numbers, not with classes, so it cannot take one class for another. How far off it is stands under Predictions.</source>
        <translation>이 신경망은 클래스가 아니라 숫자로 답하므로 헷갈릴 클래스가 없습니다. 얼마나 빗나갔는지는 &apos;예측과 정답&apos;에서 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Once a run has begun, its answers to the whole validation set are counted here.</source>
        <translation>실행을 시작하면 검증 데이터 전체에 대한 답을 여기에 셉니다.</translation>
    </message>
    <message>
        <source>The model&apos;s answers are no longer finite numbers.</source>
        <translation>모델의 답이 더 이상 유한한 수가 아닙니다.</translation>
    </message>
    <message>
        <source>the first {count} of {total} validation samples</source>
        <translation>검증 표본 {total}개 중 앞의 {count}개</translation>
    </message>
    <message>
        <source>Validation sample {number}: true {true}, predicted {predicted} ({certainty})</source>
        <translation>검증 표본 {number}: 정답 {true}, 예측 {predicted} ({certainty})</translation>
    </message>
    <message>
        <source>True {true}, predicted {predicted} ({certainty})</source>
        <translation>정답 {true}, 예측 {predicted} ({certainty})</translation>
    </message>
    <message>
        <source>{true} → {predicted}</source>
        <comment>a true and a predicted class</comment>
        <translation>{true} → {predicted}</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>뒤로</translation>
    </message>
    <message>
        <source>Back (Esc)</source>
        <translation>뒤로 (Esc)</translation>
    </message>
    <message>
        <source>Samples, the most certain first</source>
        <translation>표본, 확신이 큰 것부터</translation>
    </message>
</context>
<context>
    <name>JudgedSample</name>
    <message>
        <source>Try it</source>
        <translation>직접 해 보기</translation>
    </message>
    <message>
        <source>Turn, shift and scale this sample, and see what the network looks at</source>
        <translation>이 표본을 돌리고 옮기고 크기를 바꾸면서 신경망이 어디를 보는지 봅니다</translation>
    </message>
    <message>
        <source>Network lab</source>
        <translation>신경망 실험실</translation>
    </message>
    <message>
        <source>Opens this sample in all layers of this network, with the weights that have just answered</source>
        <translation>방금 답한 가중치 그대로, 이 표본이 모든 층을 지나는 모습을 신경망 실험실에서 봅니다</translation>
    </message>
    <message>
        <source>Convolution lab</source>
        <translation>합성곱 실험실</translation>
    </message>
    <message>
        <source>Opens the first convolution of this network on this sample, product by product</source>
        <translation>이 표본에 대한 첫 합성곱을 곱 하나하나까지 합성곱 실험실에서 봅니다</translation>
    </message>
</context>
<context>
    <name>KindChoice</name>
    <message>
        <source>This lab has no such layer.</source>
        <translation>이 실험실에는 없는 층입니다.</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>합성곱</translation>
    </message>
    <message>
        <source>Transposed</source>
        <translation>전치</translation>
    </message>
    <message>
        <source>Pooling</source>
        <translation>풀링</translation>
    </message>
    <message>
        <source>Kind of layer</source>
        <translation>층의 종류</translation>
    </message>
    <message>
        <source>Dimensions</source>
        <translation>차원</translation>
    </message>
    <message>
        <source>Max</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>Average</source>
        <translation>평균</translation>
    </message>
</context>
<context>
    <name>KindForm</name>
    <message>
        <source>The same size can only be kept with stride 1.</source>
        <translation>같은 크기는 스트라이드가 1일 때만 유지됩니다.</translation>
    </message>
    <message>
        <source>One input channel: one group.</source>
        <translation>입력 채널이 하나라서 그룹도 하나입니다.</translation>
    </message>
    <message>
        <source>Depthwise: each filter sees one channel.</source>
        <translation>깊이별: 필터마다 채널 하나만 봅니다.</translation>
    </message>
    <message>
        <source>Each filter sees every channel.</source>
        <translation>필터마다 모든 채널을 봅니다.</translation>
    </message>
    <message>
        <source>Channels that a filter sees: {count}</source>
        <translation>필터가 보는 채널 수: {count}</translation>
    </message>
    <message>
        <source>Front</source>
        <translation>앞</translation>
    </message>
    <message>
        <source>Back</source>
        <translation>뒤</translation>
    </message>
    <message>
        <source>Top</source>
        <translation>위</translation>
    </message>
    <message>
        <source>Bottom</source>
        <translation>아래</translation>
    </message>
    <message>
        <source>Left</source>
        <translation>왼쪽</translation>
    </message>
    <message>
        <source>Right</source>
        <translation>오른쪽</translation>
    </message>
    <message>
        <source>Every side</source>
        <translation>모든 쪽</translation>
    </message>
    <message>
        <source>Window {axis}</source>
        <translation>창 {axis}</translation>
    </message>
    <message>
        <source>Window size</source>
        <translation>창 크기</translation>
    </message>
    <message>
        <source>Filled with</source>
        <translation>채우는 값</translation>
    </message>
    <message>
        <source>Stride as large as the window</source>
        <translation>스트라이드를 창 크기에 맞춤</translation>
    </message>
    <message>
        <source>None</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Same size</source>
        <translation>같은 크기</translation>
    </message>
    <message>
        <source>Custom</source>
        <translation>직접</translation>
    </message>
    <message>
        <source>No padding (valid)</source>
        <translation>패딩 없음 (valid)</translation>
    </message>
    <message>
        <source>The output is as large as the input (same), with stride 1</source>
        <translation>스트라이드가 1일 때 출력이 입력과 같은 크기가 됩니다 (same)</translation>
    </message>
    <message>
        <source>Only convolutions have this choice in torch.</source>
        <translation>torch에서는 합성곱에만 있는 설정입니다.</translation>
    </message>
</context>
<context>
    <name>LargeSample</name>
    <message>
        <source>{shape}, values from {low} to {high}, mean {mean}</source>
        <translation>{shape}, 값 {low} ~ {high}, 평균 {mean}</translation>
    </message>
    <message>
        <source>← All samples</source>
        <translation>← 전체 표본</translation>
    </message>
    <message>
        <source>Back to all samples (Esc)</source>
        <translation>전체 표본으로 돌아가기 (Esc)</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>다음</translation>
    </message>
</context>
<context>
    <name>LayerCard</name>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>What comes into the network, without the batch.</source>
        <translation>신경망에 들어오는 값입니다. 배치 차원을 뺀 형상입니다.</translation>
    </message>
    <message>
        <source>layer {place}</source>
        <translation>층 {place}</translation>
    </message>
    <message>
        <source>Input: {shape}</source>
        <translation>입력: {shape}</translation>
    </message>
    <message>
        <source>Take it along</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>Train this network</source>
        <translation>이 신경망 학습하기</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Opens it in the training lab, on data that it takes</source>
        <translation>학습 실험실에서 이 신경망에 맞는 데이터와 함께 엽니다.</translation>
    </message>
    <message>
        <source>Copy as PyTorch</source>
        <translation>PyTorch로 복사</translation>
    </message>
    <message>
        <source>This layer is off.</source>
        <translation>꺼진 층입니다.</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>켜기</translation>
    </message>
    <message>
        <source>The same module as code, on the clipboard</source>
        <translation>같은 모듈을 코드로 클립보드에 복사합니다.</translation>
    </message>
    <message>
        <source>Save as TOML...</source>
        <translation>TOML로 저장...</translation>
    </message>
    <message>
        <source>The network as a file that this program and its command line open</source>
        <translation>이 프로그램과 명령줄에서 열 수 있는 신경망 파일입니다.</translation>
    </message>
    <message>
        <source>Name of the network</source>
        <translation>신경망 이름</translation>
    </message>
    <message>
        <source>It stands over the layers, and in the files that are saved.</source>
        <translation>층 목록 위에 표시되고, 저장하는 파일에도 들어갑니다.</translation>
    </message>
</context>
<context>
    <name>LayerFigures</name>
    <message>
        <source>Output shape ({letters})</source>
        <translation>출력 형상 ({letters})</translation>
    </message>
    <message>
        <source>1 thread</source>
        <translation>스레드 1개</translation>
    </message>
    <message>
        <source>Measured time</source>
        <translation>측정한 시간</translation>
    </message>
    <message>
        <source>nothing to learn</source>
        <translation>학습할 값 없음</translation>
    </message>
</context>
<context>
    <name>LayerFlowView</name>
    <message>
        <source>Layer {number}</source>
        <translation>층 {number}</translation>
    </message>
    <message>
        <source>all</source>
        <translation>전체</translation>
    </message>
    <message>
        <source>between samples</source>
        <translation>표본 사이</translation>
    </message>
    <message>
        <source>gradients</source>
        <translation>기울기</translation>
    </message>
    <message>
        <source>{name}, theory</source>
        <translation>{name}, 이론</translation>
    </message>
    <message>
        <source>Between samples: last layer / first</source>
        <translation>표본 사이의 편차: 마지막 층 ÷ 첫 층</translation>
    </message>
    <message>
        <source>Gradients: first layer / last</source>
        <translation>기울기: 첫 층 ÷ 마지막 층</translation>
    </message>
    <message>
        <source>How many times as much is left at the other end of the stack; a click chooses</source>
        <translation>반대쪽 끝에 몇 배가 남는지 보여 줍니다. 클릭하면 그 조합을 봅니다</translation>
    </message>
    <message>
        <source>Activations</source>
        <translation>활성값</translation>
    </message>
    <message>
        <source>Gradients</source>
        <translation>기울기</translation>
    </message>
    <message>
        <source>{name}, {count} samples</source>
        <translation>{name}, 표본 {count}개</translation>
    </message>
    <message>
        <source>The share of the values in each thirtieth of the axis</source>
        <translation>축을 30칸으로 나누어 각 칸에 든 값의 비율</translation>
    </message>
    <message>
        <source>One axis</source>
        <translation>축 하나</translation>
    </message>
    <message>
        <source>An axis a layer</source>
        <translation>층마다 축</translation>
    </message>
    <message>
        <source>Histograms of</source>
        <translation>히스토그램의 대상</translation>
    </message>
    <message>
        <source>Axes of the histograms</source>
        <translation>히스토그램의 축</translation>
    </message>
    <message>
        <source>Deviation, layer by layer</source>
        <translation>층마다의 편차</translation>
    </message>
    <message>
        <source>Solid: measured. Dashed: what theory says of very wide layers. Zero has no place on this axis</source>
        <translation>실선: 측정값. 점선: 매우 넓은 층에 대한 이론. 0은 이 축에 나타낼 수 없습니다</translation>
    </message>
    <message>
        <source>layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>Histograms of the layers</source>
        <translation>층마다의 히스토그램</translation>
    </message>
    <message>
        <source>Histograms of the layers as columns</source>
        <translation>열로 나타낸 층마다의 히스토그램</translation>
    </message>
    <message>
        <source>All first weights with all activation functions</source>
        <translation>모든 초깃값과 활성화 함수의 조합</translation>
    </message>
    <message>
        <source>theory</source>
        <translation>이론</translation>
    </message>
    <message>
        <source>Being computed</source>
        <translation>계산하고 있습니다</translation>
    </message>
</context>
<context>
    <name>LayerNormPage</name>
    <message>
        <source>One feature has no variance: every output is β.</source>
        <translation>특징이 하나면 분산이 0이라 모든 출력이 β입니다.</translation>
    </message>
    <message>
        <source>Each row gets mean β and variance γ². A sample is normalised by itself: it is the same in a batch of one, and in training as in judging.</source>
        <translation>각 행의 평균은 β, 분산은 γ²이 됩니다. 표본을 하나씩 정규화하므로 배치에 혼자 있어도, 학습할 때도 평가할 때도 결과가 같습니다.</translation>
    </message>
</context>
<context>
    <name>LayerPalette</name>
    <message>
        <source>Search a layer: conv, pooling, fc, ...</source>
        <translation>층 찾기: conv, 풀링, fc, ...</translation>
    </message>
    <message>
        <source>Search a layer</source>
        <translation>층 찾기</translation>
    </message>
    <message>
        <source>Kinds of layers</source>
        <translation>층의 종류</translation>
    </message>
    <message>
        <source>Add a layer</source>
        <translation>층 추가</translation>
    </message>
    <message>
        <source>No layer is called that, or does that.</source>
        <translation>맞는 층이 없습니다.</translation>
    </message>
</context>
<context>
    <name>LayerPanel</name>
    <message>
        <source>Presets</source>
        <translation>프리셋</translation>
    </message>
    <message>
        <source>Examples of courses, with what to try</source>
        <translation>강의에 나오는 예제와 해 볼 일</translation>
    </message>
    <message>
        <source>None</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Activation</source>
        <translation>활성화 함수</translation>
    </message>
    <message>
        <source>What each value of the feature maps goes through</source>
        <translation>특징 맵의 모든 값에 적용하는 함수입니다.</translation>
    </message>
    <message>
        <source>How far the picture is moved, around its edges. Negative: the other way</source>
        <translation>그림을 옮기는 칸 수입니다. 밀려난 칸은 반대쪽으로 돌아옵니다. 음수는 반대 방향입니다.</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>세로 이동</translation>
    </message>
    <message>
        <source>Move right</source>
        <translation>가로 이동</translation>
    </message>
    <message>
        <source>Row</source>
        <translation>그림의 행</translation>
    </message>
    <message>
        <source>A 1-d layer reads one row of the picture</source>
        <translation>1D 층은 그림의 한 행을 읽습니다.</translation>
    </message>
    <message>
        <source>Frames</source>
        <translation>프레임 수</translation>
    </message>
    <message>
        <source>The clip: the picture, moved right by one column a frame</source>
        <translation>영상: 프레임마다 그림을 오른쪽으로 한 칸씩 옮깁니다.</translation>
    </message>
    <message>
        <source>Plane shown</source>
        <translation>보이는 평면</translation>
    </message>
    <message>
        <source>Which plane of the output along the depth is on the screen</source>
        <translation>출력의 깊이 방향에서 화면에 보일 평면입니다.</translation>
    </message>
</context>
<context>
    <name>LayerRows</name>
    <message>
        <source>Hidden size H</source>
        <translation>은닉 크기 H</translation>
    </message>
    <message>
        <source>Dropout</source>
        <translation>드롭아웃</translation>
    </message>
    <message>
        <source>Forget bias</source>
        <translation>망각 편향</translation>
    </message>
</context>
<context>
    <name>LayerStack</name>
    <message>
        <source>Save the drawing</source>
        <translation>도식 저장</translation>
    </message>
</context>
<context>
    <name>LayersPage</name>
    <message>
        <source>Layers</source>
        <translation>층별 값</translation>
    </message>
    <message>
        <source>Layers</source>
        <comment>choice of pages</comment>
        <translation>층</translation>
    </message>
    <message>
        <source>The activations are no longer finite numbers.</source>
        <translation>활성값이 더 이상 유한한 수가 아닙니다.</translation>
    </message>
    <message>
        <source>{count} validation samples</source>
        <translation>검증 표본 {count}개</translation>
    </message>
    <message>
        <source>dead: all {count}</source>
        <translation>죽은 단위: 전체 {count}개로 확인</translation>
    </message>
    <message>
        <source>dead: at most, of {searched} of {count}</source>
        <translation>죽은 단위: {count}개 중 {searched}개로 확인한 최댓값</translation>
    </message>
    <message>
        <source>update: iteration {step}</source>
        <translation>갱신: 반복 {step}</translation>
    </message>
    <message>
        <source>Histograms over time are gathered while the run goes on.</source>
        <translation>시간에 따른 히스토그램은 학습하는 동안 모읍니다.</translation>
    </message>
    <message>
        <source>Gathered while this page is open: {count} histograms, iterations {first} to {last}</source>
        <translation>이 화면을 보는 동안 모은 히스토그램 {count}개, 반복 {first}–{last}</translation>
    </message>
    <message>
        <source>Gathered while open: {count}</source>
        <translation>보는 동안 모음: {count}개</translation>
    </message>
    <message>
        <source>a replay of the timeline adds those before</source>
        <translation>시간 여행을 재생하면 지난 순간도 더해집니다</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>Mean of all activations of the layer.</source>
        <translation>층의 모든 활성값의 평균입니다.</translation>
    </message>
    <message>
        <source>dev.</source>
        <translation>편차</translation>
    </message>
    <message>
        <source>Standard deviation of all activations. It should be alike from layer to layer.</source>
        <translation>모든 활성값의 표준편차입니다. 층마다 비슷한 것이 좋습니다.</translation>
    </message>
    <message>
        <source>betw.</source>
        <translation>표본 간</translation>
    </message>
    <message>
        <source>Deviation between samples, in the root mean square over the layer&apos;s cells. Near 0 every sample gives the same activations, however healthy the deviation of all looks.</source>
        <translation>표본 사이의 표준편차입니다(층의 모든 칸에 대한 제곱평균제곱근). 0에 가까우면 전체 편차가 정상으로 보여도 모든 표본의 활성값이 똑같다는 뜻입니다.</translation>
    </message>
    <message>
        <source>satur.</source>
        <translation>포화</translation>
    </message>
    <message>
        <source>Share of activations on a flat end of the function: tanh beyond ±0.97, sigmoid below 0.03 or above 0.97, ReLU6 at 6. Hardly a gradient comes through there.</source>
        <translation>활성화 함수의 평평한 끝에 있는 활성값의 비율입니다. tanh는 ±0.97 바깥, 시그모이드는 0.03 미만이나 0.97 초과, ReLU6은 6입니다. 그곳에서는 기울기가 거의 전달되지 않습니다.</translation>
    </message>
    <message>
        <source>dead</source>
        <translation>죽음</translation>
    </message>
    <message>
        <source>Share of units whose output is 0 for every sample of the whole validation set.</source>
        <translation>죽은 단위의 비율입니다. 검증 데이터 전체에서 출력이 항상 0인 단위를 셉니다.</translation>
    </message>
    <message>
        <source>grad.</source>
        <translation>기울기</translation>
    </message>
    <message>
        <source>Length of the gradient by all of the layer&apos;s parameters in the last iteration.</source>
        <translation>마지막 반복에서 층의 모든 매개변수에 대한 기울기의 크기입니다.</translation>
    </message>
    <message>
        <source>update log₁₀</source>
        <translation>갱신 log₁₀</translation>
    </message>
    <message>
        <source>log₁₀(length of the update / length of the weights) of one iteration. About −3, the line, is usual: far above it the learning rate is too high, far below too low.</source>
        <translation>한 번의 반복에서 log₁₀(갱신 크기 ÷ 가중치 크기)입니다. 보통 선이 있는 −3쯤입니다. 훨씬 크면 학습률이 너무 높고, 훨씬 작으면 너무 낮습니다.</translation>
    </message>
    <message>
        <source>Numbers of each layer</source>
        <translation>층별 값</translation>
    </message>
    <message>
        <source>Numbers</source>
        <translation>숫자</translation>
    </message>
    <message>
        <source>Histograms</source>
        <translation>히스토그램</translation>
    </message>
    <message>
        <source>Weights</source>
        <translation>가중치</translation>
    </message>
    <message>
        <source>What is shown of the layers</source>
        <translation>층에서 볼 것</translation>
    </message>
    <message>
        <source>The layer before</source>
        <translation>이전 층</translation>
    </message>
    <message>
        <source>The next layer</source>
        <translation>다음 층</translation>
    </message>
    <message>
        <source>Once a run has begun, the numbers of its layers appear here.</source>
        <translation>실행을 시작하면 층별 값이 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Histogram over time</source>
        <translation>시간에 따른 히스토그램</translation>
    </message>
    <message>
        <source>Histogram now</source>
        <translation>지금의 히스토그램</translation>
    </message>
    <message>
        <source>weights</source>
        <translation>가중치</translation>
    </message>
    <message>
        <source>activations</source>
        <translation>활성값</translation>
    </message>
    <message>
        <source>The histograms of the layer&apos;s weights instead of its activations</source>
        <translation>활성값 대신 층의 가중치를 히스토그램으로 봅니다.</translation>
    </message>
    <message>
        <source>No layer of this network can saturate.</source>
        <translation>이 신경망에는 포화할 수 있는 층이 없습니다.</translation>
    </message>
    <message>
        <source>Known where it was measured while this page was open.</source>
        <translation>이 페이지를 열어 둔 동안 측정한 값만 있습니다.</translation>
    </message>
    <message>
        <source>Measured while open</source>
        <translation>열어 둔 동안 측정한 값</translation>
    </message>
    <message>
        <source>Also of the kept moments, while the run rests.</source>
        <translation>실행이 쉬는 동안에는 저장된 순간의 값도 채웁니다.</translation>
    </message>
    <message>
        <source>Also of kept moments</source>
        <translation>저장된 순간 포함</translation>
    </message>
    <message>
        <source>A moment keeps the weights alone. Gradients are measured while this page is open and the run learns; an update also where the weights of the iteration before were kept.</source>
        <translation>순간에는 가중치만 저장됩니다. 기울기는 이 페이지를 열어 두고 학습하는 동안에만 측정합니다. 갱신은 바로 앞 반복의 가중치가 저장된 곳에서도 알 수 있습니다.</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>기울기</translation>
    </message>
    <message>
        <source>update</source>
        <translation>갱신</translation>
    </message>
    <message>
        <source>{number}: iteration {step}</source>
        <translation>{number}: 반복 {step}</translation>
    </message>
    <message>
        <source>{numbers}: not recorded here</source>
        <translation>{numbers}: 이 순간에는 기록 없음</translation>
    </message>
    <message>
        <source>Activation mean</source>
        <translation>활성값 평균</translation>
    </message>
    <message>
        <source>Activation deviation</source>
        <translation>활성값 편차</translation>
    </message>
    <message>
        <source>Deviation between samples</source>
        <translation>표본 간 편차</translation>
    </message>
    <message>
        <source>Saturated share</source>
        <translation>포화 비율</translation>
    </message>
    <message>
        <source>Dead share</source>
        <translation>죽은 단위 비율</translation>
    </message>
    <message>
        <source>Gradient length</source>
        <translation>기울기 길이</translation>
    </message>
    <message>
        <source>Update / weight (log₁₀)</source>
        <translation>갱신 / 가중치 (log₁₀)</translation>
    </message>
    <message>
        <source>Number over time</source>
        <translation>시간에 따라 볼 값</translation>
    </message>
    <message>
        <source>Over time</source>
        <translation>시간에 따라</translation>
    </message>
</context>
<context>
    <name>LeafRows</name>
    <message>
        <source>Values</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Rows are apart by semicolons. Click a number in the graph to move it with a slider.</source>
        <translation>행은 세미콜론으로 나눕니다. 그래프의 수를 클릭하면 슬라이더로 움직일 수 있습니다.</translation>
    </message>
    <message>
        <source>The numbers of {name}, rows apart by semicolons: 0.1 0.3; 0.2 0.4</source>
        <translation>{name}: 행을 세미콜론으로 나누어 적습니다. 예: 0.1 0.3; 0.2 0.4</translation>
    </message>
</context>
<context>
    <name>LogarithmPage</name>
    <message>
        <source>tangent</source>
        <translation>접선</translation>
    </message>
    <message>
        <source>steepness {slope}</source>
        <translation>가파른 정도 {slope}</translation>
    </message>
    <message>
        <source>Derivative {slope}</source>
        <translation>미분 {slope}</translation>
    </message>
    <message>
        <source>at most {value}, at y = 0</source>
        <translation>y = 0에서 최대 {value}</translation>
    </message>
    <message>
        <source>the share of the true class</source>
        <translation>정답 클래스의 확률</translation>
    </message>
</context>
<context>
    <name>LogisticPage</name>
    <message>
        <source>First point: {sum}, σ(Σ) = {p}</source>
        <translation>첫째 점: {sum}, σ(Σ) = {p}</translation>
    </message>
    <message>
        <source>now</source>
        <translation>지금</translation>
    </message>
    <message>
        <source>gradient</source>
        <translation>기울기</translation>
    </message>
    <message>
        <source>− rate × gradient</source>
        <translation>−학습률 × 기울기</translation>
    </message>
    <message>
        <source>after the step</source>
        <translation>한 단계 뒤</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>cross-entropy</source>
        <translation>교차 엔트로피</translation>
    </message>
    <message>
        <source>Gradient</source>
        <translation>기울기</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>Probability</source>
        <translation>확률</translation>
    </message>
    <message>
        <source>The unit</source>
        <translation>단위</translation>
    </message>
    <message>
        <source>The next step</source>
        <translation>다음 한 단계</translation>
    </message>
</context>
<context>
    <name>LookupPicture</name>
    <message>
        <source>One-hot times table</source>
        <translation>원-핫과 표의 곱</translation>
    </message>
    <message>
        <source>one-hot 1 × {words}</source>
        <translation>원-핫 1 × {words}</translation>
    </message>
    <message>
        <source>table {words} × {size}</source>
        <translation>표 {words} × {size}</translation>
    </message>
    <message>
        <source>table {words} × {size}, the first {shown}</source>
        <translation>표 {words} × {size}, 앞의 {shown}개</translation>
    </message>
    <message>
        <source>vector 1 × {size}</source>
        <translation>벡터 1 × {size}</translation>
    </message>
</context>
<context>
    <name>LossesBoard</name>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>What makes the answer y of the score z, and the likelihood that fits it</source>
        <translation>점수 z로 출력 y를 만드는 함수, 그리고 그에 맞는 가능도</translation>
    </message>
    <message>
        <source>True class</source>
        <translation>정답 클래스</translation>
    </message>
    <message>
        <source>The class whose t is 1</source>
        <translation>t가 1인 클래스</translation>
    </message>
    <message>
        <source>Most likely values</source>
        <translation>가능도가 가장 큰 값으로</translation>
    </message>
    <message>
        <source>The values with the largest likelihood</source>
        <translation>가능도를 가장 크게 만드는 값</translation>
    </message>
</context>
<context>
    <name>MainWindow</name>
    <message>
        <source>The settings could not be read and were set aside as {file}.</source>
        <translation>설정을 읽을 수 없어 {file} 이름으로 옮겨 두었습니다.</translation>
    </message>
    <message>
        <source>torch cannot be loaded, so nothing can be computed or trained.
{error}</source>
        <translation>torch를 불러올 수 없어 계산과 학습을 할 수 없습니다.
{error}</translation>
    </message>
    <message>
        <source>A playground for learning how convolutional and recurrent networks work.</source>
        <translation>합성곱 신경망과 순환 신경망의 원리를 배우는 놀이터입니다.</translation>
    </message>
    <message>
        <source>Labs</source>
        <translation>실험실</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>파일(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>편집(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Lab</source>
        <translation>실험실(&amp;L)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>보기(&amp;V)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>도움말(&amp;H)</translation>
    </message>
    <message>
        <source>Open...</source>
        <translation>열기...</translation>
    </message>
    <message>
        <source>Save...</source>
        <translation>저장...</translation>
    </message>
    <message>
        <source>Undo</source>
        <translation>되돌리기</translation>
    </message>
    <message>
        <source>Redo</source>
        <translation>다시 하기</translation>
    </message>
    <message>
        <source>Copy setting as text</source>
        <translation>설정을 텍스트로 복사</translation>
    </message>
    <message>
        <source>Paste setting</source>
        <translation>설정 붙여넣기</translation>
    </message>
    <message>
        <source>Show the runs&apos; folder</source>
        <translation>실행 폴더 열기</translation>
    </message>
    <message>
        <source>Quit</source>
        <translation>끝내기</translation>
    </message>
    <message>
        <source>Theme</source>
        <translation>테마</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>언어</translation>
    </message>
    <message>
        <source>As the system</source>
        <translation>시스템 설정대로</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>밝게</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>어둡게</translation>
    </message>
    <message>
        <source>Show the log</source>
        <translation>로그 파일 보기</translation>
    </message>
    <message>
        <source>About Layerscope</source>
        <translation>Layerscope 정보</translation>
    </message>
    <message>
        <source>Switch to the other language</source>
        <translation>다른 언어로 바꾸기</translation>
    </message>
</context>
<context>
    <name>MapRows</name>
    <message>
        <source>{number} {layer}, maps 1 to {shown} of {count}</source>
        <translation>{number} {layer}, 맵 {count}개 중 1~{shown}</translation>
    </message>
</context>
<context>
    <name>MapsCard</name>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>All layers · {layer}</source>
        <translation>모든 층 · {layer}</translation>
    </message>
    <message>
        <source>Random weights: every class is near 1/{count}.</source>
        <translation>무작위 가중치: 모든 클래스의 확률이 1/{count}에 가깝습니다.</translation>
    </message>
    <message>
        <source>Random weights: all near 1/{count}</source>
        <translation>무작위 가중치: 모두 1/{count} 근처</translation>
    </message>
    <message>
        <source>Random weights: the answer is chance.</source>
        <translation>무작위 가중치: 이 답은 우연입니다.</translation>
    </message>
    <message>
        <source>Maps</source>
        <translation>특징 맵</translation>
    </message>
    <message>
        <source>Class probabilities</source>
        <translation>클래스 확률 보기</translation>
    </message>
    <message>
        <source>Choose the last layer, beside which there is room for them</source>
        <translation>마지막 층을 고릅니다. 그 층에서는 확률을 함께 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>All layers</source>
        <translation>모든 층</translation>
    </message>
    <message>
        <source>The network&apos;s answer</source>
        <translation>신경망의 답</translation>
    </message>
</context>
<context>
    <name>MapsFeed</name>
    <message>
        <source>The maps are being computed.</source>
        <translation>특징 맵을 계산하고 있습니다.</translation>
    </message>
    <message>
        <source>torch is being loaded.</source>
        <translation>torch를 불러오고 있습니다.</translation>
    </message>
    <message>
        <source>There is not enough memory for these maps.</source>
        <translation>특징 맵을 계산할 메모리가 부족합니다.</translation>
    </message>
</context>
<context>
    <name>MapsView</name>
    <message>
        <source>maps {first}–{last} of {count}</source>
        <translation>{count}개 중 맵 {first}–{last}</translation>
    </message>
    <message>
        <source>Values of this layer</source>
        <translation>이 층의 값</translation>
    </message>
    <message>
        <source>Maps of this layer</source>
        <translation>이 층의 특징 맵</translation>
    </message>
    <message>
        <source>each map: min</source>
        <translation>맵마다: 최소</translation>
    </message>
    <message>
        <source>max</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>hatched: all values equal</source>
        <translation>빗금: 모든 값이 같음</translation>
    </message>
    <message>
        <source>The maps before</source>
        <translation>이전 특징 맵</translation>
    </message>
    <message>
        <source>The next maps</source>
        <translation>다음 특징 맵</translation>
    </message>
    <message>
        <source>All values of this map are equal: it says nothing about the picture.</source>
        <translation>이 맵은 모든 값이 같아서 그림에 대해 알려 주는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Enlarge</source>
        <translation>크게 보기</translation>
    </message>
    <message>
        <source>One map large, as with a double click or Enter. Escape goes back.</source>
        <translation>맵 하나를 크게 봅니다. 맵을 더블클릭하거나 Enter를 눌러도 되고, Esc를 누르면 돌아갑니다.</translation>
    </message>
    <message>
        <source>hatched: all equal</source>
        <translation>빗금: 모두 같음</translation>
    </message>
</context>
<context>
    <name>MatrixMeaning</name>
    <message>
        <source>Column {column}: weight {weight} = {value} meets one number of every row.</source>
        <translation>열 {column}: 가중치 {weight} = {value}, 행마다 수 하나와 곱해집니다.</translation>
    </message>
    <message>
        <source>Row {row}: the window of output cell {cell} in one line. Its largest number is the output.</source>
        <translation>행 {row}: 출력 칸 {cell}의 창을 한 줄로 폈습니다. 가장 큰 수가 출력입니다.</translation>
    </message>
    <message>
        <source>Row {row}: the window of output cell {cell} in one line. Its mean is the output.</source>
        <translation>행 {row}: 출력 칸 {cell}의 창을 한 줄로 폈습니다. 평균이 출력입니다.</translation>
    </message>
    <message>
        <source>Row {row}: what reaches output cell {cell}. Empty: no input cell meets that weight. torch multiplies first and adds up afterwards (col2im).</source>
        <translation>행 {row}: 출력 칸 {cell}에 닿는 입력입니다. 빈칸에서는 그 가중치와 곱해지는 입력이 없습니다. torch는 먼저 곱하고 나중에 모아 더합니다 (col2im).</translation>
    </message>
    <message>
        <source>Row {row}: what reaches output cell {cell}. Empty: no input cell meets that weight.</source>
        <translation>행 {row}: 출력 칸 {cell}에 닿는 입력입니다. 빈칸에서는 그 가중치와 곱해지는 입력이 없습니다.</translation>
    </message>
    <message>
        <source>Row {row}: the window of output cell {cell} in one line. Row × filter + bias = output.</source>
        <translation>행 {row}: 출력 칸 {cell}의 창을 한 줄로 폈습니다. 행 × 필터 + 편향 = 출력</translation>
    </message>
    <message>
        <source>Row {row}: the window of output cell {cell} in one line. Row × filter = output.</source>
        <translation>행 {row}: 출력 칸 {cell}의 창을 한 줄로 폈습니다. 행 × 필터 = 출력</translation>
    </message>
    <message>
        <source>Row {row}, column {column}: no input cell stands here.</source>
        <translation>행 {row}, 열 {column}: 입력이 없는 자리입니다.</translation>
    </message>
    <message>
        <source>Row {row}, column {column}: input {input} = {value}</source>
        <translation>행 {row}, 열 {column}: 입력 {input} = {value}</translation>
    </message>
    <message>
        <source>Row {row}, column {column}: input {input} = {value}, to be multiplied with the weight {weight}</source>
        <translation>행 {row}, 열 {column}: 입력 {input} = {value}, 곱할 가중치는 {weight}</translation>
    </message>
    <message>
        <source>A cell of the padding. It stands in every row whose window lies over it.</source>
        <translation>패딩 칸입니다. 이 칸을 덮는 창의 행마다 놓입니다.</translation>
    </message>
    <message>
        <source>Input ({row}, {column}) stands {count} times in the matrix: once for each product it takes part in.</source>
        <translation>입력 ({row}, {column}): 행렬에 {count}번 놓입니다. 이 칸이 들어가는 곱마다 한 번씩입니다.</translation>
    </message>
    <message>
        <source>Input ({row}, {column}) stands {count} times in the matrix.</source>
        <translation>입력 ({row}, {column}): 행렬에 {count}번 놓입니다.</translation>
    </message>
</context>
<context>
    <name>MendingButton</name>
    <message>
        <source>Begins a new run with this edit. The one before stays in its folder</source>
        <translation>이렇게 고친 새 실행을 시작합니다. 지금 실행은 폴더에 남습니다</translation>
    </message>
</context>
<context>
    <name>MistakesPage</name>
    <message>
        <source>Mistakes</source>
        <translation>오답</translation>
    </message>
    <message>
        <source>{wrong} of {total} wrong, the most certain first (true → predicted)</source>
        <translation>{total}개 중 {wrong}개 오답, 확신이 큰 것부터 (정답 → 예측)</translation>
    </message>
    <message>
        <source>{wrong} of {total} wrong (true → predicted)</source>
        <translation>{total}개 중 {wrong}개 오답 (정답 → 예측)</translation>
    </message>
    <message>
        <source>{wrong} of {total} wrong</source>
        <translation>{total}개 중 {wrong}개 오답</translation>
    </message>
    <message>
        <source>No mistake: every validation sample is right.</source>
        <translation>오답이 없습니다. 검증 표본을 모두 맞혔습니다.</translation>
    </message>
</context>
<context>
    <name>MovedDialog</name>
    <message>
        <source>For this comparison a trained network is missing: {names}.</source>
        <translation>이 비교에 필요한 학습된 신경망이 없습니다: {names}.</translation>
    </message>
    <message>
        <source>Train: {names}</source>
        <translation>학습: {names}</translation>
    </message>
    <message>
        <source>Another run is under way.</source>
        <translation>다른 실행이 진행 중입니다.</translation>
    </message>
    <message>
        <source>Chance</source>
        <translation>무작위 추측</translation>
    </message>
    <message>
        <source>unmoved</source>
        <translation>옮기지 않았을 때</translation>
    </message>
    <message>
        <source>Measured on {count} validation samples: each moved by so many pixels to the left, right, up and down, with zeros coming in; the mean of the four.</source>
        <translation>검증 표본 {count}개로 측정했습니다. 그림을 왼쪽, 오른쪽, 위, 아래로 그만큼 옮기고 빈 곳은 0으로 채운 네 결과의 평균입니다.</translation>
    </message>
    <message>
        <source>Measured on {count} validation samples: each turned clockwise around its middle, values in between interpolated.</source>
        <translation>검증 표본 {count}개로 측정했습니다. 그림을 가운데를 중심으로 시계 방향으로 돌리고 사이 값은 보간했습니다.</translation>
    </message>
    <message>
        <source>At {place}: {first} {first_rate}, {second} {second_rate}.</source>
        <translation>{place}에서 {first} {first_rate}, {second} {second_rate}.</translation>
    </message>
    <message>
        <source>Rotation, degrees clockwise</source>
        <translation>회전 각도 (시계 방향, 도)</translation>
    </message>
    <message>
        <source>Shift, pixels</source>
        <translation>이동 (픽셀)</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>정확도</translation>
    </message>
    <message>
        <source>Accuracy on moved pictures</source>
        <translation>옮긴 그림에서의 정확도</translation>
    </message>
    <message>
        <source>MLP against CNN</source>
        <translation>MLP와 CNN 비교</translation>
    </message>
    <message>
        <source>First network</source>
        <translation>첫째 신경망</translation>
    </message>
    <message>
        <source>A trained run; the solid curve</source>
        <translation>학습을 마친 실행, 실선</translation>
    </message>
    <message>
        <source>Second network</source>
        <translation>둘째 신경망</translation>
    </message>
    <message>
        <source>A trained run; the dashed curve</source>
        <translation>학습을 마친 실행, 파선</translation>
    </message>
    <message>
        <source>Shift</source>
        <translation>이동</translation>
    </message>
    <message>
        <source>Rotation</source>
        <translation>회전</translation>
    </message>
    <message>
        <source>How the pictures are moved</source>
        <translation>그림을 옮기는 방법</translation>
    </message>
    <message>
        <source>Progress of the measurement</source>
        <translation>측정 진행</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>{place} px</source>
        <translation>{place}픽셀</translation>
    </message>
</context>
<context>
    <name>NameDialog</name>
    <message>
        <source>Rename the run</source>
        <translation>실행 이름 바꾸기</translation>
    </message>
    <message>
        <source>The run&apos;s name. Its folder keeps its own.</source>
        <translation>실행의 새 이름입니다. 폴더 이름은 그대로입니다.</translation>
    </message>
</context>
<context>
    <name>NetworkActions</name>
    <message>
        <source>Copy layer</source>
        <translation>층 복사</translation>
    </message>
    <message>
        <source>Cut layer</source>
        <translation>층 잘라내기</translation>
    </message>
    <message>
        <source>Add a layer...</source>
        <translation>층 추가...</translation>
    </message>
    <message>
        <source>Draw new random weights</source>
        <translation>무작위 가중치 새로 뽑기</translation>
    </message>
    <message>
        <source>Open a picture...</source>
        <translation>그림 열기...</translation>
    </message>
    <message>
        <source>Train this network</source>
        <translation>이 신경망 학습하기</translation>
    </message>
    <message>
        <source>Copy as PyTorch</source>
        <translation>PyTorch로 복사</translation>
    </message>
    <message>
        <source>Save network as TOML...</source>
        <translation>신경망을 TOML로 저장...</translation>
    </message>
    <message>
        <source>Copy table as Markdown</source>
        <translation>표를 Markdown으로 복사</translation>
    </message>
    <message>
        <source>Copy table as CSV</source>
        <translation>표를 CSV로 복사</translation>
    </message>
    <message>
        <source>Copy table as text</source>
        <translation>표를 텍스트로 복사</translation>
    </message>
    <message>
        <source>Save drawing (SVG, PNG)...</source>
        <translation>도식 저장 (SVG, PNG)...</translation>
    </message>
    <message>
        <source>New, empty network</source>
        <translation>빈 신경망 새로 만들기</translation>
    </message>
    <message>
        <source>Rename the network</source>
        <translation>신경망 이름 바꾸기</translation>
    </message>
    <message>
        <source>Paste layers, code or a picture</source>
        <translation>층, 코드, 그림 붙여 넣기</translation>
    </message>
</context>
<context>
    <name>NetworkLab</name>
    <message>
        <source>Trace {ms} ms, without torch</source>
        <translation>형상 계산 {ms} ms (torch 없이)</translation>
    </message>
    <message>
        <source>down to the problem</source>
        <translation>문제가 있는 층까지</translation>
    </message>
    <message>
        <source>depth {depth}</source>
        <translation>깊이 {depth}</translation>
    </message>
    <message>
        <source>Layers</source>
        <translation>층</translation>
    </message>
    <message>
        <source>Depth: the layers with weights that follow one another (convolutions, fully connected and recurrent layers), along the longest way. It is the 16 in VGG-16.</source>
        <translation>깊이: 가중치가 있는 층(합성곱, 완전 연결, 순환 층)을 가장 긴 길을 따라 센 수입니다. VGG-16의 16이 이 수입니다.</translation>
    </message>
    <message>
        <source>Layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>Feature maps</source>
        <translation>특징 맵</translation>
    </message>
    <message>
        <source>No layers can be pasted: {reason}</source>
        <translation>층을 붙여넣을 수 없습니다: {reason}</translation>
    </message>
    <message>
        <source>What is shown</source>
        <translation>보여 주는 것</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Which picture goes through the network</source>
        <translation>신경망을 통과하는 그림</translation>
    </message>
    <message>
        <source>Clipboard</source>
        <translation>클립보드</translation>
    </message>
    <message>
        <source>The weights are being read: {file}</source>
        <translation>가중치를 읽는 중입니다: {file}</translation>
    </message>
</context>
<context>
    <name>NetworkPage</name>
    <message>
        <source>of {steps}</source>
        <translation>목표 {steps}</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>cross-entropy</source>
        <translation>교차 엔트로피</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>The plane</source>
        <translation>평면</translation>
    </message>
    <message>
        <source>Each unit over the plane</source>
        <translation>평면 위 단위마다의 출력</translation>
    </message>
</context>
<context>
    <name>NormPage</name>
    <message>
        <source>sample {number}</source>
        <translation>표본 {number}</translation>
    </message>
    <message>
        <source>feat. {number}</source>
        <translation>특징 {number}</translation>
    </message>
    <message>
        <source>running μ</source>
        <translation>이동 μ</translation>
    </message>
    <message>
        <source>running σ²</source>
        <translation>이동 σ²</translation>
    </message>
    <message>
        <source>σ², N − 1</source>
        <translation>σ², N − 1</translation>
    </message>
    <message>
        <source>Sample {row}, feature {column}</source>
        <translation>표본 {row}, 특징 {column}</translation>
    </message>
    <message>
        <source>μ = {mean} and σ² = {variance}: the running ones after {count} batches, not this batch&apos;s own</source>
        <translation>μ = {mean}, σ² = {variance}: 이 배치의 값이 아니라 배치 {count}개를 본 이동 평균과 이동 분산</translation>
    </message>
    <message>
        <source>of feature {number}</source>
        <translation>특징 {number}</translation>
    </message>
    <message>
        <source>of sample {number}</source>
        <translation>표본 {number}</translation>
    </message>
    <message>
        <source>Mean μ</source>
        <translation>평균 μ</translation>
    </message>
    <message>
        <source>Variance σ²</source>
        <translation>분산 σ²</translation>
    </message>
    <message>
        <source>Input x</source>
        <translation>입력 x</translation>
    </message>
    <message>
        <source>Output y</source>
        <translation>출력 y</translation>
    </message>
    <message>
        <source>Before: x</source>
        <translation>정규화 전: x</translation>
    </message>
    <message>
        <source>After: y</source>
        <translation>정규화 후: y</translation>
    </message>
    <message>
        <source>The chosen number of the batch</source>
        <translation>선택한 배치의 수</translation>
    </message>
    <message>
        <source>The drawn batch again</source>
        <translation>뽑은 배치로 되돌리기</translation>
    </message>
</context>
<context>
    <name>NoteDialog</name>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>What you want to remember of “{name}”.</source>
        <translation>“{name}” 실행에 대해 적어 둘 내용입니다.</translation>
    </message>
</context>
<context>
    <name>NumberGrid</name>
    <message>
        <source>padding</source>
        <translation>패딩</translation>
    </message>
    <message>
        <source>type a number to change it</source>
        <translation>숫자를 입력하면 바뀝니다</translation>
    </message>
</context>
<context>
    <name>NumberTable</name>
    <message>
        <source>Save the table</source>
        <translation>표 저장</translation>
    </message>
    <message>
        <source>Ctrl+C copies the selected cells.</source>
        <translation>고른 칸은 Ctrl+C로 복사합니다.</translation>
    </message>
    <message>
        <source>Rounded</source>
        <translation>반올림</translation>
    </message>
    <message>
        <source>All digits</source>
        <translation>모든 자리</translation>
    </message>
    <message>
        <source>Digits</source>
        <translation>자릿수</translation>
    </message>
    <message>
        <source>Copy table</source>
        <translation>표 복사</translation>
    </message>
    <message>
        <source>The whole table as it is shown, for a spreadsheet</source>
        <translation>보이는 그대로 표 전체를 복사합니다. 스프레드시트에 붙여넣을 수 있습니다.</translation>
    </message>
    <message>
        <source>Save as CSV...</source>
        <translation>CSV로 저장...</translation>
    </message>
</context>
<context>
    <name>NumbersDialog</name>
    <message>
        <source>Numbers of your own</source>
        <translation>숫자 입력</translation>
    </message>
    <message>
        <source>A row a line, numbers apart by spaces, commas or tabs; an empty line begins the next channel. Lists of Python and cells of a table can be pasted too.</source>
        <translation>한 줄에 한 행씩, 숫자는 빈칸, 쉼표, 탭으로 나눕니다. 빈 줄 다음은 다음 채널입니다. 파이썬 리스트나 표의 칸을 붙여넣어도 됩니다.</translation>
    </message>
    <message>
        <source>Use</source>
        <translation>사용</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>취소</translation>
    </message>
</context>
<context>
    <name>NumbersView</name>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Prediction beside the truth, a point a sample</source>
        <translation>정답과 예측, 점 하나가 표본 하나</translation>
    </message>
</context>
<context>
    <name>OneStepPage</name>
    <message>
        <source>One step, taken apart</source>
        <translation>한 시각, 낱낱이</translation>
    </message>
    <message>
        <source>One step</source>
        <comment>choice of pages</comment>
        <translation>한 시각</translation>
    </message>
    <message>
        <source>Once a run has begun, each number of its gates can be taken apart here.</source>
        <translation>학습을 시작하면 게이트의 값 하나하나를 여기서 낱낱이 풀어 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>The gates are being read...</source>
        <translation>게이트를 읽는 중...</translation>
    </message>
    <message>
        <source>This network has no recurrent layer: there is no step to take apart.</source>
        <translation>이 신경망에는 순환 층이 없어서 풀어 볼 시각이 없습니다.</translation>
    </message>
    <message>
        <source>layer {number}</source>
        <translation>층 {number}</translation>
    </message>
    <message>
        <source>backward</source>
        <translation>역방향</translation>
    </message>
    <message>
        <source>forward</source>
        <translation>정방향</translation>
    </message>
    <message>
        <source>Gate that is taken apart</source>
        <translation>풀어 볼 게이트</translation>
    </message>
    <message>
        <source>unit </source>
        <comment>before its number, in a box</comment>
        <translation>단위 </translation>
    </message>
    <message>
        <source>Unit</source>
        <translation>단위</translation>
    </message>
    <message>
        <source>Time step</source>
        <translation>시각</translation>
    </message>
</context>
<context>
    <name>OtherViews</name>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>All runs</source>
        <translation>모든 실행</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>대기열</translation>
    </message>
</context>
<context>
    <name>OutputView</name>
    <message>
        <source>Values of this layer</source>
        <translation>이 층의 값</translation>
    </message>
    <message>
        <source>{first}–{last} of {count}</source>
        <translation>{count}개 중 {first}–{last}</translation>
    </message>
    <message>
        <source>each map: min</source>
        <translation>맵마다: 최소</translation>
    </message>
    <message>
        <source>max</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>hatched: all values equal</source>
        <translation>빗금: 모든 값이 같음</translation>
    </message>
    <message>
        <source>Values of this layer, a row a unit, a column a time step</source>
        <translation>이 층의 값. 행은 단위, 열은 시각</translation>
    </message>
    <message>
        <source>time step</source>
        <translation>시각 t</translation>
    </message>
    <message>
        <source>unit</source>
        <translation>단위</translation>
    </message>
    <message>
        <source>Feature maps of this layer</source>
        <translation>이 층의 특징 맵</translation>
    </message>
    <message>
        <source>All values of this map are equal: it says nothing about the picture.</source>
        <translation>이 맵은 모든 값이 같아서 그림에 대해 알려 주는 것이 없습니다.</translation>
    </message>
    <message>
        <source>The maps before</source>
        <translation>이전 맵들</translation>
    </message>
    <message>
        <source>The next maps</source>
        <translation>다음 맵들</translation>
    </message>
    <message>
        <source>hatched: all equal</source>
        <translation>빗금: 모두 같음</translation>
    </message>
</context>
<context>
    <name>OverflowPage</name>
    <message>
        <source>sum of eˣ, {kind}</source>
        <translation>eˣ의 합, {kind}</translation>
    </message>
    <message>
        <source>with the shift</source>
        <translation>최댓값을 뺀 뒤</translation>
    </message>
    <message>
        <source>{kind} ends at {value}</source>
        <translation>{kind}의 끝: {value}</translation>
    </message>
    <message>
        <source>added to all</source>
        <translation>모두에 더한 값</translation>
    </message>
    <message>
        <source>added to all scores</source>
        <translation>모든 점수에 더한 값</translation>
    </message>
    <message>
        <source>sum of exponentials</source>
        <translation>지수의 합</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>합</translation>
    </message>
    <message>
        <source>Without the shift, both float32 and float64 give no probabilities; with it, they are right.</source>
        <translation>최댓값을 빼지 않으면 float32와 float64 모두 확률을 구하지 못합니다. 빼면 올바른 확률이 나옵니다.</translation>
    </message>
    <message>
        <source>Without the shift, float32 gives no probabilities; float64 is still right.</source>
        <translation>최댓값을 빼지 않으면 float32는 확률을 구하지 못하고, float64는 아직 올바릅니다.</translation>
    </message>
    <message>
        <source>Both are right without the shift: neither sum overflows.</source>
        <translation>합이 넘치지 않아, 최댓값을 빼지 않아도 둘 다 올바릅니다.</translation>
    </message>
    <message>
        <source>{p} in float32</source>
        <translation>{p}, float32</translation>
    </message>
    <message>
        <source>direct</source>
        <translation>그대로</translation>
    </message>
    <message>
        <source>{p} in float64</source>
        <translation>{p}, float64</translation>
    </message>
    <message>
        <source>{p} with the shift</source>
        <translation>{p}, 최댓값을 뺀 뒤</translation>
    </message>
</context>
<context>
    <name>Overlay</name>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>정확도</translation>
    </message>
    <message>
        <source>Difference of the loss</source>
        <translation>손실 차이</translation>
    </message>
    <message>
        <source>Difference of the accuracy (percentage points)</source>
        <translation>정확도 차이 (%p)</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>training</source>
        <translation>훈련</translation>
    </message>
    <message>
        <source>{what}, {part}</source>
        <translation>{what} · {part}</translation>
    </message>
    <message>
        <source>Check runs in the list above: their curves lie over each other here, with the settings that differ.</source>
        <translation>위 목록에서 실행을 체크하면 여기에 곡선이 겹쳐 그려지고, 서로 다른 설정만 표로 보입니다.</translation>
    </message>
    <message>
        <source>A difference needs two runs with one seed and other settings. All are compared with the first pinned run.</source>
        <translation>차이를 보려면 시드는 같고 설정이 다른 두 실행이 필요합니다. 처음 고정한 실행을 기준으로 비교합니다.</translation>
    </message>
    <message>
        <source>{name}: {value} at iteration {step} (one pair)</source>
        <translation>{name}: 반복 {step}에서 {value} (한 쌍)</translation>
    </message>
    <message>
        <source>{name}: one run. A band needs runs that differ in their seed only.</source>
        <translation>{name}: 실행이 하나뿐입니다. 띠를 그리려면 시드만 다른 실행이 더 필요합니다.</translation>
    </message>
    <message>
        <source>{name}: {mean} ± {width} (95% interval of {count} runs), deviation {deviation}, at iteration {step}</source>
        <translation>{name}: {mean} ± {width} (실행 {count}개의 95% 신뢰 구간), 표준편차 {deviation}, 반복 {step}</translation>
    </message>
    <message>
        <source>{name}: {mean} ± {width} (95% interval of {count} pairs), deviation {deviation}, at iteration {step}</source>
        <translation>{name}: {mean} ± {width} ({count}쌍의 95% 신뢰 구간), 표준편차 {deviation}, 반복 {step}</translation>
    </message>
    <message>
        <source>blue</source>
        <translation>파랑</translation>
    </message>
    <message>
        <source>orange</source>
        <translation>주황</translation>
    </message>
    <message>
        <source>green</source>
        <translation>초록</translation>
    </message>
    <message>
        <source>pink</source>
        <translation>분홍</translation>
    </message>
    <message>
        <source>solid</source>
        <translation>실선</translation>
    </message>
    <message>
        <source>dashed</source>
        <translation>파선</translation>
    </message>
    <message>
        <source>dotted</source>
        <translation>점선</translation>
    </message>
    <message>
        <source>dash-dotted</source>
        <translation>일점쇄선</translation>
    </message>
    <message>
        <source>{colour}, {dashes}</source>
        <translation>{colour} {dashes}</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>고정 해제</translation>
    </message>
    <message>
        <source>Unpin all</source>
        <translation>모두 고정 해제</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>Training</source>
        <comment>curve</comment>
        <translation>훈련</translation>
    </message>
    <message>
        <source>Each run</source>
        <translation>실행별</translation>
    </message>
    <message>
        <source>Mean over seeds</source>
        <translation>시드 평균</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Least to greatest</source>
        <translation>최소~최대</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>표준편차</translation>
    </message>
    <message>
        <source>95% interval</source>
        <translation>95% 신뢰 구간</translation>
    </message>
    <message>
        <source>What lies around a mean. The 95% interval, by Student&apos;s t, holds the true mean in 95 of 100 cases.</source>
        <translation>평균 둘레의 띠입니다. 95% 신뢰 구간은 스튜던트 t 분포로 구하며, 100번 가운데 95번은 참 평균을 포함합니다.</translation>
    </message>
    <message>
        <source>Band</source>
        <translation>띠</translation>
    </message>
    <message>
        <source>Measure</source>
        <translation>측정값</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>곡선</translation>
    </message>
    <message>
        <source>Line...</source>
        <translation>선 모양...</translation>
    </message>
    <message>
        <source>Colour and dashes of the runs that are selected here</source>
        <translation>여기에서 선택한 실행의 색과 선 모양</translation>
    </message>
    <message>
        <source>Pinned runs: only what differs</source>
        <translation>고정한 실행: 다른 설정만</translation>
    </message>
</context>
<context>
    <name>OwnButtons</name>
    <message>
        <source>Own pictures...</source>
        <translation>내 그림...</translation>
    </message>
    <message>
        <source>A folder of pictures, with a folder for each class in it. Dropping it onto the lab works too.</source>
        <translation>클래스마다 폴더를 하나씩 둔 그림 폴더입니다. 실험실 위에 끌어다 놓아도 됩니다.</translation>
    </message>
    <message>
        <source>Own table...</source>
        <translation>내 표...</translation>
    </message>
    <message>
        <source>A CSV or TSV file: its columns of numbers and words are read, one of them is to be answered.</source>
        <translation>CSV나 TSV 파일입니다. 수와 낱말로 된 열을 읽어 그중 한 열을 답합니다.</translation>
    </message>
    <message>
        <source>Own text...</source>
        <translation>내 글...</translation>
    </message>
    <message>
        <source>A text file, character by character, for a recurrent network</source>
        <translation>순환 신경망이 한 글자씩 읽을 텍스트 파일입니다</translation>
    </message>
    <message>
        <source>Draw them...</source>
        <translation>직접 그리기...</translation>
    </message>
    <message>
        <source>Draw pictures and label them: a data set of your own, kept as a folder</source>
        <translation>그림을 그리고 레이블을 붙여 폴더로 저장하는 나만의 데이터입니다</translation>
    </message>
</context>
<context>
    <name>OwnData</name>
    <message>
        <source>Open a folder of pictures</source>
        <translation>그림 폴더 열기</translation>
    </message>
    <message>
        <source>Open a table</source>
        <translation>표 열기</translation>
    </message>
    <message>
        <source>Open a series</source>
        <translation>시계열 열기</translation>
    </message>
    <message>
        <source>Tables ({patterns})</source>
        <translation>표 ({patterns})</translation>
    </message>
    <message>
        <source>Texts ({patterns})</source>
        <translation>글 ({patterns})</translation>
    </message>
    <message>
        <source>Open a text</source>
        <translation>글 열기</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>모든 파일 (*)</translation>
    </message>
    <message>
        <source>Open a folder of IDX files</source>
        <translation>IDX 파일 폴더 열기</translation>
    </message>
</context>
<context>
    <name>PageGroup</name>
    <message>
        <source>Pages</source>
        <translation>페이지</translation>
    </message>
</context>
<context>
    <name>PageNotice</name>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
</context>
<context>
    <name>ParameterCount</name>
    <message>
        <source>T = {steps} is not in the formula: the count stands still</source>
        <translation>T = {steps}: 식에 T가 없으므로 매개변수 수는 그대로입니다</translation>
    </message>
    <message>
        <source>It has no such cell; counted as torch does</source>
        <translation>이 셀이 없어서 torch처럼 셉니다</translation>
    </message>
    <message>
        <source>Biases: {count}</source>
        <translation>편향 {count}개</translation>
    </message>
    <message>
        <source>Gate order {order} · biases in each gate: {count}</source>
        <translation>게이트 순서 {order} · 게이트마다 편향 {count}개</translation>
    </message>
    <message>
        <source>Parameters of the recurrent layer</source>
        <translation>순환 층의 매개변수</translation>
    </message>
    <message>
        <source>From Scratch 2</source>
        <translation>밑바닥 2</translation>
    </message>
    <message>
        <source>Convention</source>
        <translation>관례</translation>
    </message>
    <message>
        <source>As torch.nn counts: two biases in each gate</source>
        <translation>torch.nn처럼: 게이트마다 편향 두 개</translation>
    </message>
    <message>
        <source>As Keras counts: one bias in each gate of an LSTM</source>
        <translation>Keras처럼: LSTM의 게이트마다 편향 한 개</translation>
    </message>
    <message>
        <source>As &apos;Deep Learning from Scratch 2&apos; counts: one bias in each gate</source>
        <translation>『밑바닥부터 시작하는 딥러닝 2』처럼: 게이트마다 편향 한 개</translation>
    </message>
</context>
<context>
    <name>PartingPage</name>
    <message>
        <source>largest</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>at step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>by ε&apos;s value</source>
        <translation>ε의 값</translation>
    </message>
    <message>
        <source>by its place</source>
        <translation>ε의 위치</translation>
    </message>
    <message>
        <source>step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>distance of both paths</source>
        <translation>두 경로 사이의 거리</translation>
    </message>
    <message>
        <source>Distance between both paths, with the same settings</source>
        <translation>설정이 같을 때 두 경로 사이의 거리와 그 까닭</translation>
    </message>
    <message>
        <source>torch</source>
        <translation>torch</translation>
    </message>
    <message>
        <source>the book</source>
        <translation>책</translation>
    </message>
    <message>
        <source>As torch</source>
        <translation>torch처럼</translation>
    </message>
    <message>
        <source>As the book</source>
        <translation>책처럼</translation>
    </message>
    <message>
        <source>All topics are drawn by torch&apos;s formulas</source>
        <translation>모든 탭을 torch의 수식으로 그립니다.</translation>
    </message>
    <message>
        <source>All topics are drawn by the book&apos;s formulas</source>
        <translation>모든 탭을 책의 수식으로 그립니다.</translation>
    </message>
    <message>
        <source>How far the conventions part, over the steps</source>
        <translation>단계마다 두 방식이 벌어지는 거리</translation>
    </message>
</context>
<context>
    <name>PathsPage</name>
    <message>
        <source>height now</source>
        <translation>지금 높이</translation>
    </message>
    <message>
        <source>after step {step}</source>
        <translation>{step}단계 뒤</translation>
    </message>
    <message>
        <source>lost</source>
        <translation>벗어남</translation>
    </message>
    <message>
        <source>One picture</source>
        <translation>한 그림</translation>
    </message>
    <message>
        <source>One each</source>
        <translation>따로따로</translation>
    </message>
    <message>
        <source>log</source>
        <translation>로그</translation>
    </message>
    <message>
        <source>Heights on a logarithmic axis: also small ones are told apart</source>
        <translation>높이를 로그 축에 그려 작은 값도 구별합니다.</translation>
    </message>
    <message>
        <source>Descents over the surface</source>
        <translation>곡면을 내려가는 경로</translation>
    </message>
    <message>
        <source>Height over the steps</source>
        <translation>단계마다의 높이</translation>
    </message>
</context>
<context>
    <name>PatternRow</name>
    <message>
        <source>Channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>Height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>Width</source>
        <translation>너비</translation>
    </message>
</context>
<context>
    <name>PictureOptions</name>
    <message>
        <source>as it suits them</source>
        <translation>알맞은 크기</translation>
    </message>
    <message>
        <source>{size} (suits them)</source>
        <translation>{size} (알맞은 크기)</translation>
    </message>
    <message>
        <source>Size</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>Height and width of all pictures, in pixels; each is scaled to it</source>
        <translation>모든 그림의 높이와 너비(픽셀)입니다. 그림마다 이 크기로 맞춥니다</translation>
    </message>
    <message>
        <source>Grey</source>
        <translation>회색조</translation>
    </message>
    <message>
        <source>RGB</source>
        <translation>RGB</translation>
    </message>
    <message>
        <source>as they are</source>
        <translation>있는 그대로</translation>
    </message>
    <message>
        <source>{colours} (as they are)</source>
        <translation>{colours} (있는 그대로)</translation>
    </message>
    <message>
        <source>Colours</source>
        <translation>색</translation>
    </message>
    <message>
        <source>One channel, grey, or three: red, green and blue</source>
        <translation>회색조 채널 하나, 또는 빨강·초록·파랑 채널 셋입니다</translation>
    </message>
</context>
<context>
    <name>PicturePicker</name>
    <message>
        <source>Open a picture</source>
        <translation>그림 열기</translation>
    </message>
    <message>
        <source>Own picture</source>
        <translation>내 그림</translation>
    </message>
    <message>
        <source>Picture</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>Draw...</source>
        <translation>그리기...</translation>
    </message>
    <message>
        <source>Draw a picture with a brush; the lab follows every stroke.</source>
        <translation>붓으로 그림을 그립니다. 그리는 대로 결과가 바로 바뀝니다.</translation>
    </message>
    <message>
        <source>Open...</source>
        <translation>열기...</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>붙여넣기</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>직접 그린 그림</translation>
    </message>
    <message>
        <source>Pasted picture</source>
        <translation>붙여넣은 그림</translation>
    </message>
    <message>
        <source>{name}
{size}, scaled from {full}</source>
        <translation>{name}
{size} (원본 {full})</translation>
    </message>
    <message>
        <source>The clipboard</source>
        <translation>클립보드</translation>
    </message>
    <message>
        <source>PNG, JPEG, WebP, GIF, BMP or TIFF, up to 64 megapixels. Dropping it anywhere here works too.</source>
        <translation>PNG, JPEG, WebP, GIF, BMP, TIFF 파일을 64메가픽셀까지 열 수 있습니다. 이 화면에 끌어다 놓아도 됩니다.</translation>
    </message>
    <message>
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>모든 파일</translation>
    </message>
    <message>
        <source>Numbers...</source>
        <translation>숫자 입력...</translation>
    </message>
    <message>
        <source>Type or paste a matrix of numbers: the example of a book, say</source>
        <translation>숫자로 된 행렬을 직접 적거나 붙여넣습니다. 책에 나온 예제를 그대로 넣어 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>A picture, a picture&apos;s file or rows of numbers from the clipboard (Ctrl+V)</source>
        <translation>클립보드의 그림, 그림 파일, 숫자 행렬을 붙여넣습니다 (Ctrl+V)</translation>
    </message>
    <message>
        <source>Own numbers</source>
        <translation>직접 입력한 숫자</translation>
    </message>
</context>
<context>
    <name>PlanCard</name>
    <message>
        <source>The same experiment with other random numbers: first weights, order and split of the samples. How far the results lie apart says how much a difference between two runs means.</source>
        <translation>같은 실험을 난수만 바꾸어 되풀이합니다. 가중치 초깃값, 표본의 순서와 나누기가 달라집니다. 결과가 흩어진 정도를 보면 두 실행의 차이가 얼마나 의미 있는지 알 수 있습니다.</translation>
    </message>
    <message>
        <source>The data are cut into folds. Each run leaves one out of its training and is measured on it, so that every sample is judged once by a model that has not learned from it.</source>
        <translation>데이터를 폴드로 나눕니다. 실행마다 폴드 하나를 빼고 학습한 뒤 그 폴드로 성능을 측정합니다. 그래서 모든 표본이 자신을 배우지 않은 모델에게 한 번씩 평가받습니다.</translation>
    </message>
    <message>
        <source>One run for every combination of the values, with all else as it is set.</source>
        <translation>나머지 설정은 그대로 두고, 값의 조합마다 한 번씩 학습합니다.</translation>
    </message>
    <message>
        <source>{count} of the runs cannot be run, and are left out: {reason}</source>
        <translation>실행할 수 없어 제외되는 조합: {count}개. {reason}</translation>
    </message>
    <message>
        <source>1 run</source>
        <translation>실행 1개</translation>
    </message>
    <message>
        <source>{count} runs</source>
        <translation>실행 {count}개</translation>
    </message>
    <message>
        <source>{runs}, about {time}</source>
        <translation>{runs}, 약 {time}</translation>
    </message>
    <message>
        <source>A queue is under way. Stop it first.</source>
        <translation>진행 중인 대기열이 있습니다. 먼저 정지하세요.</translation>
    </message>
    <message>
        <source>Plan</source>
        <translation>계획</translation>
    </message>
    <message>
        <source>Repeat</source>
        <translation>시드 반복</translation>
    </message>
    <message>
        <source>Sweep</source>
        <translation>설정 훑기</translation>
    </message>
    <message>
        <source>k-fold</source>
        <translation>교차 검증</translation>
    </message>
    <message>
        <source>Kind of plan</source>
        <translation>계획의 종류</translation>
    </message>
    <message>
        <source>Seeds</source>
        <translation>시드 수</translation>
    </message>
    <message>
        <source>How many runs: the experiment&apos;s seed and the ones after it</source>
        <translation>실행의 수입니다. 실험의 시드부터 차례로 씁니다</translation>
    </message>
    <message>
        <source>Folds</source>
        <translation>폴드 수</translation>
    </message>
    <message>
        <source>Into how many parts the data are cut, 2 to 12</source>
        <translation>데이터를 나눌 부분의 수입니다. 2부터 12까지</translation>
    </message>
    <message>
        <source>Seeds for each</source>
        <translation>조합마다 시드 수</translation>
    </message>
    <message>
        <source>How often each combination is run, with other seeds</source>
        <translation>조합 하나를 시드를 바꾸어 몇 번 실행할지 정합니다</translation>
    </message>
    <message>
        <source>Setting</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>And</source>
        <translation>둘째 설정</translation>
    </message>
    <message>
        <source>Random search</source>
        <translation>무작위 탐색</translation>
    </message>
    <message>
        <source>Draw combinations at random from the ranges instead of trying all</source>
        <translation>모든 조합 대신 범위에서 무작위로 뽑습니다</translation>
    </message>
    <message>
        <source>Draws</source>
        <translation>뽑는 횟수</translation>
    </message>
    <message>
        <source>Runs at a time</source>
        <translation>동시에 실행</translation>
    </message>
    <message>
        <source>Cores that are there for them: {cores}. Each run takes one.</source>
        <translation>쓸 수 있는 코어: {cores}개. 실행 하나가 코어 하나를 씁니다.</translation>
    </message>
    <message>
        <source>Start queue</source>
        <translation>대기열 시작</translation>
    </message>
    <message>
        <source>Combinations drawn at random from the ranges, with all else as it is set.</source>
        <translation>나머지 설정은 그대로 두고, 범위에서 무작위로 뽑은 조합마다 학습합니다.</translation>
    </message>
</context>
<context>
    <name>PlaneLegend</name>
    <message>
        <source>class {name}</source>
        <translation>클래스 {name}</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>틀림</translation>
    </message>
    <message>
        <source>training</source>
        <translation>훈련</translation>
    </message>
    <message>
        <source>validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>boundary</source>
        <translation>경계</translation>
    </message>
    <message>
        <source>unit&apos;s line</source>
        <translation>단위의 선</translation>
    </message>
</context>
<context>
    <name>PlanePage</name>
    <message>
        <source>Decision boundary</source>
        <translation>결정 경계</translation>
    </message>
    <message>
        <source>Boundary</source>
        <comment>choice of pages</comment>
        <translation>경계</translation>
    </message>
    <message>
        <source>Once a run has begun, what its network answers in the plane of its two inputs is drawn here.</source>
        <translation>실행을 시작하면 두 입력이 이루는 평면의 모든 지점에서 신경망이 내놓는 답을 여기에 그립니다.</translation>
    </message>
    <message>
        <source>The model&apos;s answers are no longer finite numbers.</source>
        <translation>모델의 답이 더 이상 유한한 수가 아닙니다.</translation>
    </message>
    <message>
        <source>Mean error of the validation points: {error}</source>
        <translation>검증 점의 평균 오차: {error}</translation>
    </message>
    <message>
        <source>Validation {validation} right ({share}), training {training} ({trained})</source>
        <translation>검증 정답 {validation} ({share}), 훈련 {training} ({trained})</translation>
    </message>
    <message>
        <source>Validation {validation} right ({share})</source>
        <translation>검증 정답 {validation} ({share})</translation>
    </message>
    <message>
        <source>validation point, true {truth}</source>
        <translation>검증 점, 정답 {truth}</translation>
    </message>
    <message>
        <source>training point, true {truth}</source>
        <translation>훈련 점, 정답 {truth}</translation>
    </message>
    <message>
        <source>Unit lines</source>
        <translation>단위의 선</translation>
    </message>
    <message>
        <source>A unit of the first layer divides the plane by a straight line: on one side w₁x₁ + w₂x₂ + b is above 0, on the other below. The boundary is bent out of these lines.</source>
        <translation>첫 층의 단위는 평면을 직선 하나로 나눕니다. 한쪽에서는 w₁x₁ + w₂x₂ + b가 0보다 크고 다른 쪽에서는 작습니다. 이 직선들이 모여 굽은 경계가 됩니다.</translation>
    </message>
</context>
<context>
    <name>PlanePlot</name>
    <message>
        <source>{right} of {total} validation points on their side of the boundary</source>
        <translation>검증 점 {total}개 가운데 {right}개가 경계의 제 쪽에 있음</translation>
    </message>
    <message>
        <source>Decision boundary</source>
        <translation>결정 경계</translation>
    </message>
</context>
<context>
    <name>PlaneView</name>
    <message>
        <source>{right} of {total} points on their side of the boundary</source>
        <translation>경계에서 제 쪽에 있는 점: {total}개 중 {right}개</translation>
    </message>
</context>
<context>
    <name>Player</name>
    <message>
        <source>Pause</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>{speed} cells/s</source>
        <translation>초당 {speed}칸</translation>
    </message>
    <message>
        <source>{speed}/s</source>
        <translation>{speed}칸/초</translation>
    </message>
    <message>
        <source>Move the window over the input, cell by cell (Space)</source>
        <translation>창을 입력 위에서 한 칸씩 움직입니다. (Space)</translation>
    </message>
    <message>
        <source>One cell on</source>
        <translation>다음 칸으로</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>한 단계</translation>
    </message>
    <message>
        <source>Output cell</source>
        <translation>출력 칸</translation>
    </message>
    <message>
        <source>Which output cell, row by row</source>
        <translation>몇 번째 출력 칸인지 (위에서부터 한 행씩)</translation>
    </message>
    <message>
        <source>Cells a second. Click for the next speed.</source>
        <translation>1초에 지나는 칸의 수. 클릭하면 다음 속도로 바뀝니다.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>속도</translation>
    </message>
</context>
<context>
    <name>Plot</name>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>Picture (PNG)</source>
        <translation>그림 (PNG)</translation>
    </message>
    <message>
        <source>Drawing (SVG)</source>
        <translation>벡터 그림 (SVG)</translation>
    </message>
    <message>
        <source>Table (CSV)</source>
        <translation>표 (CSV)</translation>
    </message>
</context>
<context>
    <name>PlotFile</name>
    <message>
        <source>Export the plot</source>
        <translation>그래프 내보내기</translation>
    </message>
</context>
<context>
    <name>PointSamples</name>
    <message>
        <source>Samples as points of a plane</source>
        <translation>평면 위의 점으로 나타낸 표본</translation>
    </message>
</context>
<context>
    <name>PredictingPage</name>
    <message>
        <source>This task has no sequence to predict: choose one with time steps.</source>
        <translation>이 과제에는 예측할 시퀀스가 없습니다: 시각이 있는 과제를 고르세요.</translation>
    </message>
    <message>
        <source>The network&apos;s answers are being computed...</source>
        <translation>신경망의 예측을 계산하는 중...</translation>
    </message>
    <message>
        <source>Once a run has begun, what the network predicts is shown here beside the truth.</source>
        <translation>학습을 시작하면 신경망의 예측이 정답과 나란히 여기에 보입니다.</translation>
    </message>
    <message>
        <source>The model&apos;s answers are no longer finite numbers.</source>
        <translation>모델의 답이 더 이상 유한한 수가 아닙니다.</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>Prediction</source>
        <comment>choice of pages</comment>
        <translation>예측</translation>
    </message>
    <message>
        <source>The sample before</source>
        <translation>이전 표본</translation>
    </message>
    <message>
        <source>The next sample</source>
        <translation>다음 표본</translation>
    </message>
    <message>
        <source>Together</source>
        <translation>함께 보기</translation>
    </message>
    <message>
        <source>Whose predictions</source>
        <translation>어느 셀의 예측인지</translation>
    </message>
</context>
<context>
    <name>PredictionCard</name>
    <message>
        <source>{right} of {count} right</source>
        <translation>{count}개 중 {right}개 맞음</translation>
    </message>
    <message>
        <source>outputs trained on squared error, no probabilities</source>
        <translation>제곱 오차로 학습한 출력값이며 확률이 아닙니다</translation>
    </message>
    <message>
        <source>{count} validation samples, mean error {error}</source>
        <translation>검증 표본 {count}개, 평균 오차 {error}</translation>
    </message>
    <message>
        <source>Mean squared error of this series: {error}</source>
        <translation>이 시퀀스의 평균 제곱 오차: {error}</translation>
    </message>
    <message>
        <source>{right} of {count} characters right</source>
        <translation>{count}글자 중 {right}글자 맞음</translation>
    </message>
    <message>
        <source>Predictions</source>
        <translation>예측과 정답</translation>
    </message>
    <message>
        <source>Answers</source>
        <comment>choice of pages</comment>
        <translation>예측</translation>
    </message>
    <message>
        <source>Others</source>
        <translation>다른 표본</translation>
    </message>
    <message>
        <source>Show other validation samples</source>
        <translation>다른 검증 표본을 봅니다.</translation>
    </message>
    <message>
        <source>Predictions for some validation samples</source>
        <translation>검증 표본 몇 개에 대한 예측</translation>
    </message>
    <message>
        <source>Once a run has begun, the model&apos;s answers to some validation samples appear here.</source>
        <translation>실행을 시작하면 검증 표본 몇 개에 대한 모델의 답이 여기에 나타납니다.</translation>
    </message>
</context>
<context>
    <name>PredictionView</name>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>The model&apos;s answers are no longer finite numbers.</source>
        <translation>모델의 답이 더 이상 유한한 수가 아닙니다.</translation>
    </message>
</context>
<context>
    <name>PresetNote</name>
    <message>
        <source>This was said of it before your changes.</source>
        <translation>수정하기 전의 상태에 대한 설명입니다.</translation>
    </message>
    <message>
        <source>Close this note</source>
        <translation>설명 닫기</translation>
    </message>
    <message>
        <source>Changed ↺</source>
        <translation>수정됨 ↺</translation>
    </message>
    <message>
        <source>Everything as the preset has it</source>
        <translation>모든 설정을 프리셋대로 되돌립니다.</translation>
    </message>
    <message>
        <source>Back to the preset</source>
        <translation>프리셋으로 되돌리기</translation>
    </message>
</context>
<context>
    <name>QueuePage</name>
    <message>
        <source>Pause</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>Try failed ones again</source>
        <translation>실패한 실행 다시 하기</translation>
    </message>
    <message>
        <source>{done} of {count} runs</source>
        <translation>실행 {count}개 중 {done}개 끝남</translation>
    </message>
    <message>
        <source>done in {time}</source>
        <translation>{time} 만에 완료</translation>
    </message>
    <message>
        <source>done</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>정지됨</translation>
    </message>
    <message>
        <source>pausing after the step under way</source>
        <translation>진행 중인 반복까지 하고 멈추는 중</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>일시정지됨</translation>
    </message>
    <message>
        <source>stopping</source>
        <translation>정지하는 중</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>{time} 남음</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>시작하는 중</translation>
    </message>
    <message>
        <source>Runs at a time: {jobs}, each on one core.</source>
        <translation>동시에 {jobs}개씩, 각각 코어 하나로 학습합니다.</translation>
    </message>
    <message>
        <source>A run that is trained in this window shares the cores with them; the queue goes on meanwhile.</source>
        <translation>이 창에서 학습하는 실행도 같은 코어를 나누어 씁니다. 그동안에도 대기열은 계속됩니다.</translation>
    </message>
    <message>
        <source>Queue: {name}</source>
        <translation>대기열: {name}</translation>
    </message>
    <message>
        <source>Queue</source>
        <translation>대기열</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>정지</translation>
    </message>
    <message>
        <source>End the queue and keep what its runs have reached; it can be gone on with later</source>
        <translation>대기열을 끝내고 지금까지의 학습을 저장합니다. 나중에 이어서 할 수 있습니다</translation>
    </message>
    <message>
        <source>Progress of the queue</source>
        <translation>대기열의 진행</translation>
    </message>
    <message>
        <source>Runs of the queue</source>
        <translation>대기열의 실행</translation>
    </message>
    <message>
        <source>No queue yet. Plan one at the left, and start it.</source>
        <translation>아직 대기열이 없습니다. 왼쪽에서 계획을 세우고 시작하세요.</translation>
    </message>
</context>
<context>
    <name>QueueRows</name>
    <message>
        <source>No.</source>
        <translation>번호</translation>
    </message>
    <message>
        <source>Settings</source>
        <translation>설정</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>정확도</translation>
    </message>
</context>
<context>
    <name>QueueWords</name>
    <message>
        <source>Layer {number} {kind}: {setting}</source>
        <translation>{number}층 {kind}: {setting}</translation>
    </message>
    <message>
        <source>on</source>
        <translation>켬</translation>
    </message>
    <message>
        <source>off</source>
        <translation>끔</translation>
    </message>
    <message>
        <source>Fold {number}</source>
        <translation>폴드 {number}</translation>
    </message>
    <message>
        <source>Seed {number}</source>
        <translation>시드 {number}</translation>
    </message>
    <message>
        <source>Waiting</source>
        <translation>대기</translation>
    </message>
    <message>
        <source>Training</source>
        <comment>a run&apos;s state</comment>
        <translation>학습 중</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>정지됨</translation>
    </message>
    <message>
        <source>Diverged</source>
        <translation>발산</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>Cannot be run</source>
        <translation>실행할 수 없음</translation>
    </message>
    <message>
        <source>{s} s</source>
        <translation>{s}초</translation>
    </message>
    <message>
        <source>{m} min {s} s</source>
        <translation>{m}분 {s}초</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>{h}시간 {m}분</translation>
    </message>
</context>
<context>
    <name>RacePage</name>
    <message>
        <source>Numerical: 2 × {parameters} = {passes} forward passes</source>
        <translation>수치 미분: 순전파 2 × {parameters} = {passes}번</translation>
    </message>
    <message>
        <source>Numerical: {passes} passes</source>
        <translation>수치 미분: 순전파 {passes}번</translation>
    </message>
    <message>
        <source>Numerical</source>
        <translation>수치 미분</translation>
    </message>
    <message>
        <source>{done} of {passes}</source>
        <translation>{done} / {passes}</translation>
    </message>
    <message>
        <source>measuring one pass...</source>
        <translation>순전파 한 번을 측정하는 중...</translation>
    </message>
    <message>
        <source>about {time}</source>
        <translation>약 {time}</translation>
    </message>
    <message>
        <source>Backward: 1 pass for all</source>
        <translation>역전파: 전부를 한 번에</translation>
    </message>
    <message>
        <source>Backward: 1 pass</source>
        <translation>역전파 1번</translation>
    </message>
    <message>
        <source>It took {ratio} times as long. They differ most at {name}, by {difference}: {numerical} against {backward}.</source>
        <translation>{ratio}배 걸렸습니다. 두 기울기는 {name}에서 가장 다르며 차이는 {difference}입니다({numerical}, {backward}).</translation>
    </message>
    <message>
        <source>One forward pass took {time}, so all of them take {passes} times that.</source>
        <translation>순전파 한 번에 {time} 걸렸으니 전부는 그 {passes}배입니다.</translation>
    </message>
    <message>
        <source>That is too long for a race: choose a smaller network.</source>
        <translation>경주하기에는 너무 깁니다. 더 작은 신경망을 고르세요.</translation>
    </message>
    <message>
        <source>The race was stopped.</source>
        <translation>경주를 멈췄습니다.</translation>
    </message>
    <message>
        <source>2 × parameters × {time}</source>
        <translation>2 × 매개변수 × {time}</translation>
    </message>
    <message>
        <source>one pass backwards</source>
        <translation>역전파 한 번</translation>
    </message>
    <message>
        <source>predicted</source>
        <translation>예상</translation>
    </message>
    <message>
        <source>raced: numerical</source>
        <translation>실제: 수치 미분</translation>
    </message>
    <message>
        <source>raced: backward</source>
        <translation>실제: 역전파</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>seconds</source>
        <translation>초</translation>
    </message>
    <message>
        <source>network</source>
        <translation>신경망</translation>
    </message>
    <message>
        <source>passes</source>
        <translation>순전파</translation>
    </message>
    <message>
        <source>numerical</source>
        <translation>수치 미분</translation>
    </message>
    <message>
        <source>backward</source>
        <translation>역전파</translation>
    </message>
    <message>
        <source>numerical / backward</source>
        <translation>수치 미분 / 역전파</translation>
    </message>
    <message>
        <source>times as long</source>
        <translation>배 걸림</translation>
    </message>
    <message>
        <source>Numerical / backward</source>
        <translation>수치 미분 / 역전파</translation>
    </message>
    <message>
        <source>Start</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>largest difference</source>
        <translation>최대 차이</translation>
    </message>
    <message>
        <source>none yet</source>
        <translation>아직 없음</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>Forward passes</source>
        <translation>순전파</translation>
    </message>
    <message>
        <source>against 1 backward</source>
        <translation>역전파는 1번</translation>
    </message>
    <message>
        <source>Predicted time</source>
        <translation>예상 시간</translation>
    </message>
    <message>
        <source>one pass {time}</source>
        <translation>한 번 {time}</translation>
    </message>
    <message>
        <source>The race</source>
        <translation>경주</translation>
    </message>
    <message>
        <source>Time against parameters</source>
        <translation>매개변수 수에 따른 시간</translation>
    </message>
    <message>
        <source>What was raced</source>
        <translation>경주 기록</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>정지</translation>
    </message>
    <message>
        <source>Compute both gradients in truth (Space)</source>
        <translation>두 기울기를 실제로 계산합니다 (Space)</translation>
    </message>
</context>
<context>
    <name>RateBatchPage</name>
    <message>
        <source>measured</source>
        <translation>측정값</translation>
    </message>
    <message>
        <source>σ/√B · √((N − B)/(N − 1))</source>
        <translation>σ/√B · √((N − B)/(N − 1))</translation>
    </message>
    <message>
        <source>batch size</source>
        <translation>배치 크기</translation>
    </message>
    <message>
        <source>batch size B</source>
        <translation>배치 크기 B</translation>
    </message>
    <message>
        <source>deviation of the gradient</source>
        <translation>기울기의 표준편차</translation>
    </message>
    <message>
        <source>rate as it is</source>
        <translation>학습률 그대로</translation>
    </message>
    <message>
        <source>rate in proportion to B</source>
        <translation>B에 비례하는 학습률</translation>
    </message>
    <message>
        <source>measured, in proportion</source>
        <translation>측정값 (비례)</translation>
    </message>
    <message>
        <source>mean height above the lowest place</source>
        <translation>가장 낮은 곳부터의 평균 높이</translation>
    </message>
    <message>
        <source>How much the gradient of a batch is off, along each axis</source>
        <translation>배치의 기울기가 축마다 벗어나는 정도</translation>
    </message>
    <message>
        <source>How high {rule} hovers with batches, at η = {rate} and where the rate grows with the batch</source>
        <translation>배치로 계산한 {rule}의 높이: η = {rate}일 때와 학습률이 배치에 비례할 때</translation>
    </message>
    <message>
        <source>A batch of {batch} of {samples} samples is off by {own} along each axis. Four times the batch halves that: the noise falls with √B, and the height with rate / B, while the rate is far below its limit.</source>
        <translation>표본 {samples}개 가운데 {batch}개를 읽는 배치의 기울기는 축마다 {own}만큼 벗어납니다. 배치를 네 배로 하면 절반이 됩니다. 학습률이 한계보다 훨씬 작으면 잡음은 √B에 반비례하고, 높이는 학습률 / B에 비례합니다.</translation>
    </message>
    <message>
        <source>Noise of a batch</source>
        <translation>배치의 잡음</translation>
    </message>
    <message>
        <source>B = {batch} of {samples}</source>
        <translation>{samples}개 중 B = {batch}</translation>
    </message>
    <message>
        <source>Rate / batch</source>
        <translation>학습률 / 배치</translation>
    </message>
    <message>
        <source>Height, by theory</source>
        <translation>높이 (이론)</translation>
    </message>
    <message>
        <source>Height, measured</source>
        <translation>높이 (측정)</translation>
    </message>
    <message>
        <source>mean of 1,500 steps</source>
        <translation>1,500단계의 평균</translation>
    </message>
    <message>
        <source>Noise of the gradient by batch size</source>
        <translation>배치 크기에 따른 기울기의 잡음</translation>
    </message>
    <message>
        <source>Height by batch size</source>
        <translation>배치 크기에 따른 높이</translation>
    </message>
</context>
<context>
    <name>RegressionPage</name>
    <message>
        <source>Point {number} of {count}</source>
        <translation>점 {number} / {count}</translation>
    </message>
    <message>
        <source>residuals</source>
        <translation>잔차</translation>
    </message>
    <message>
        <source>least squares</source>
        <translation>최소제곱</translation>
    </message>
    <message>
        <source>point {number}</source>
        <translation>점 {number}</translation>
    </message>
    <message>
        <source>mean squared error</source>
        <translation>평균 제곱 오차</translation>
    </message>
    <message>
        <source>all the best lines</source>
        <translation>가장 좋은 직선들</translation>
    </message>
    <message>
        <source>gradient ∇L</source>
        <translation>기울기 ∇L</translation>
    </message>
    <message>
        <source>downhill −∇L</source>
        <translation>내리막 −∇L</translation>
    </message>
    <message>
        <source>the line (w, b)</source>
        <translation>직선 (w, b)</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>Where the point is</source>
        <translation>점의 x 좌표</translation>
    </message>
    <message>
        <source>What is to be answered there</source>
        <translation>그곳의 정답</translation>
    </message>
    <message>
        <source>What the line answers</source>
        <translation>직선의 예측</translation>
    </message>
    <message>
        <source>Residual: by how much the answer is too high</source>
        <translation>잔차: 예측이 정답보다 얼마나 큰가</translation>
    </message>
    <message>
        <source>The point&apos;s part of the loss; their mean is the mean squared error L</source>
        <translation>손실에서 이 점의 몫. 평균이 평균 제곱 오차 L입니다.</translation>
    </message>
    <message>
        <source>The point&apos;s part of the derivative by w; their mean is ∂L/∂w</source>
        <translation>w에 대한 미분에서 이 점의 몫. 평균이 ∂L/∂w입니다.</translation>
    </message>
    <message>
        <source>The point&apos;s part of the derivative by b; their mean is ∂L/∂b</source>
        <translation>b에 대한 미분에서 이 점의 몫. 평균이 ∂L/∂b입니다.</translation>
    </message>
    <message>
        <source>not the only one</source>
        <translation>하나로 정해지지 않음</translation>
    </message>
    <message>
        <source>Mean squared error L</source>
        <translation>평균 제곱 오차 L</translation>
    </message>
    <message>
        <source>mean of 2 e x</source>
        <translation>2 e x의 평균</translation>
    </message>
    <message>
        <source>mean of 2 e</source>
        <translation>2 e의 평균</translation>
    </message>
    <message>
        <source>Least squares</source>
        <translation>최소제곱</translation>
    </message>
    <message>
        <source>Points and line</source>
        <translation>점과 직선</translation>
    </message>
    <message>
        <source>Loss L(w, b)</source>
        <translation>손실 L(w, b)</translation>
    </message>
    <message>
        <source>Every residual, term by term</source>
        <translation>점마다의 잔차와 항</translation>
    </message>
    <message>
        <source>Add</source>
        <translation>추가</translation>
    </message>
    <message>
        <source>Add a point (or click where it is to be); points are dragged</source>
        <translation>점 추가(그림을 클릭해도 됩니다). 점은 끌어 옮길 수 있습니다.</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Remove the chosen point (Delete, or a right click on it)</source>
        <translation>선택한 점 삭제(Delete 또는 오른쪽 클릭)</translation>
    </message>
    <message>
        <source>Best line</source>
        <translation>최적 직선</translation>
    </message>
    <message>
        <source>Set w and b to the least squares</source>
        <translation>w와 b를 최소제곱해로</translation>
    </message>
    <message>
        <source>Descend</source>
        <translation>하강</translation>
    </message>
    <message>
        <source>Go down from this line step by step</source>
        <translation>이 직선에서 한 단계씩 내려가기</translation>
    </message>
</context>
<context>
    <name>RegularizationFold</name>
    <message>
        <source>With {classes} classes the loss cannot fall below {floor}.</source>
        <translation>클래스가 {classes}개일 때 손실의 하한: {floor}. 이보다 작아질 수 없습니다.</translation>
    </message>
    <message>
        <source>none</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>These two edit the network: {dropouts} Dropout, {norms} BatchNorm layers.</source>
        <translation>위의 두 설정은 신경망을 바꿉니다. 지금 Dropout {dropouts}개, BatchNorm {norms}개가 있습니다.</translation>
    </message>
    <message>
        <source>Against overfitting</source>
        <translation>과적합 막기</translation>
    </message>
    <message>
        <source>What keeps the network from learning its data by heart.</source>
        <translation>신경망이 훈련 데이터를 그대로 외우지 않게 하는 설정입니다.</translation>
    </message>
</context>
<context>
    <name>RememberingPage</name>
    <message>
        <source>What it remembers</source>
        <translation>무엇을 기억하는가</translation>
    </message>
    <message>
        <source>Memory</source>
        <comment>choice of pages</comment>
        <translation>기억</translation>
    </message>
    <message>
        <source>Once a run has begun, this page shows how far back its outputs remember.</source>
        <translation>학습을 시작하면 출력이 얼마나 먼 과거까지 기억하는지 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>The derivatives are being computed...</source>
        <translation>미분을 계산하는 중...</translation>
    </message>
    <message>
        <source>The input of this network is no sequence: there is nothing to remember.</source>
        <translation>이 신경망의 입력은 시퀀스가 아니어서 기억할 것이 없습니다.</translation>
    </message>
    <message>
        <source>input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>input {number}</source>
        <translation>입력 {number}</translation>
    </message>
    <message>
        <source>length of the input vector</source>
        <translation>입력 벡터의 크기</translation>
    </message>
    <message>
        <source>The series, tinted by how much each step counts</source>
        <translation>각 시각의 영향만큼 색칠한 계열</translation>
    </message>
    <message>
        <source>share of the largest</source>
        <translation>최대에 대한 비율</translation>
    </message>
    <message>
        <source>Derivative of the output by each input, as a share of the largest</source>
        <translation>각 입력으로 출력을 미분한 크기, 최대에 대한 비율</translation>
    </message>
    <message>
        <source>Its derivatives are no longer finite numbers.</source>
        <translation>미분이 더 이상 유한한 수가 아닙니다.</translation>
    </message>
    <message>
        <source>It depends on no input: all derivatives are 0.</source>
        <translation>어떤 입력에도 기대지 않습니다. 미분이 모두 0입니다.</translation>
    </message>
    <message>
        <source>Only the input of its own step counts with 10% of the largest or more.</source>
        <translation>최대의 10% 이상 영향을 주는 것은 같은 시각의 입력뿐입니다.</translation>
    </message>
    <message>
        <source>Inputs count with 10% of the largest or more up to one step back; the most that of t = {largest}.</source>
        <translation>한 단계 전의 입력까지 최대의 10% 이상 영향을 줍니다. 영향이 가장 큰 입력은 t = {largest}입니다.</translation>
    </message>
    <message>
        <source>Inputs count with 10% of the largest or more up to {back} steps back; the most that of t = {largest}.</source>
        <translation>{back}단계 전의 입력까지 최대의 10% 이상 영향을 줍니다. 영향이 가장 큰 입력은 t = {largest}입니다.</translation>
    </message>
    <message>
        <source>Output “{character}” after t = {step}:</source>
        <translation>t = {step} 다음 글자의 출력 “{character}”:</translation>
    </message>
    <message>
        <source>Output for “{name}”, of the whole sequence:</source>
        <translation>시퀀스 전체에 대한 출력, “{name}”:</translation>
    </message>
    <message>
        <source>Output {value}, of the whole sequence:</source>
        <translation>시퀀스 전체에 대한 출력 {value}:</translation>
    </message>
    <message>
        <source>Output {value} at t = {step}:</source>
        <translation>t = {step}의 출력 {value}:</translation>
    </message>
    <message>
        <source>by the vectors of the embedding</source>
        <translation>임베딩 벡터로</translation>
    </message>
    <message>
        <source>by the input</source>
        <translation>입력으로</translation>
    </message>
    <message>
        <source>Colour: length of the derivative of the output {by}, the largest {largest}.</source>
        <translation>색: 출력을 {by} 미분한 크기, 최대 {largest}.</translation>
    </message>
    <message>
        <source>The pointer chooses the output, a click keeps it.</source>
        <translation>포인터를 올리면 그 시각의 출력으로 바뀌고, 클릭하면 고정됩니다.</translation>
    </message>
    <message>
        <source>The text, tinted by how much each character counts</source>
        <translation>각 글자의 영향만큼 색칠한 글</translation>
    </message>
    <message>
        <source>Looking back, only the input of its own step counts with 10% of the largest or more.</source>
        <translation>과거 쪽에서 최대의 10% 이상 영향을 주는 것은 같은 시각의 입력뿐입니다.</translation>
    </message>
    <message>
        <source>Later inputs count too, up to {ahead} steps ahead: the network reads in both directions.</source>
        <translation>{ahead}단계 뒤의 입력까지도 영향을 줍니다. 양방향으로 읽는 신경망이기 때문입니다.</translation>
    </message>
    <message>
        <source>Line: length of the input vector of each step ({count} numbers).</source>
        <translation>선: 시각마다 읽는 입력 벡터({count}개의 수)의 크기.</translation>
    </message>
    <message>
        <source>Lines: the {count} numbers that are read at each step.</source>
        <translation>선: 시각마다 읽는 {count}개의 수.</translation>
    </message>
    <message>
        <source>The picture, its rows tinted by how much each counts</source>
        <translation>행마다 영향만큼 색을 입힌 그림</translation>
    </message>
    <message>
        <source>Each row of the picture is a time step: {count} numbers are read at once.</source>
        <translation>그림의 한 행이 한 시각입니다. 한 번에 숫자 {count}개를 읽습니다.</translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <source>This page cannot be computed. {reason}</source>
        <translation>이 페이지를 계산할 수 없습니다. {reason}</translation>
    </message>
    <message>
        <source>What is shown here was computed with the weights after iteration {step}.</source>
        <translation>여기 보이는 것은 반복 {step}까지 학습한 가중치로 계산했습니다.</translation>
    </message>
    <message>
        <source>Iteration {step}</source>
        <comment>of what a page shows</comment>
        <translation>반복 {step}</translation>
    </message>
    <message>
        <source>The last run is being opened...</source>
        <translation>마지막 실행을 여는 중입니다...</translation>
    </message>
</context>
<context>
    <name>ResultsCard</name>
    <message>
        <source>Settings</source>
        <translation>설정 비교</translation>
    </message>
    <message>
        <source>Curves</source>
        <translation>곡선</translation>
    </message>
    <message>
        <source>Confusion matrix</source>
        <translation>혼동 행렬</translation>
    </message>
    <message>
        <source>Results appear here as soon as the first run is complete.</source>
        <translation>첫 실행이 끝나면 결과가 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Best: {settings}, with an accuracy of {value}.</source>
        <translation>가장 좋은 설정: {settings}. 정확도: {value}.</translation>
    </message>
    <message>
        <source>Best so far: {settings}, with an accuracy of {value}.</source>
        <translation>지금까지 가장 좋은 설정: {settings}. 정확도: {value}.</translation>
    </message>
    <message>
        <source>Best: {settings}, with a validation loss of {value}.</source>
        <translation>가장 좋은 설정: {settings}. 검증 손실: {value}.</translation>
    </message>
    <message>
        <source>Best so far: {settings}, with a validation loss of {value}.</source>
        <translation>지금까지 가장 좋은 설정: {settings}. 검증 손실: {value}.</translation>
    </message>
    <message>
        <source>One run each: small differences may be chance. More seeds tell.</source>
        <translation>조합마다 한 번만 실행했으므로 작은 차이는 우연일 수 있습니다. 시드를 늘리면 알 수 있습니다.</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>정확도</translation>
    </message>
    <message>
        <source>Validation loss</source>
        <translation>검증 손실</translation>
    </message>
    <message>
        <source>{name} of one run: {value}.</source>
        <translation>{name}(실행 1개): {value}.</translation>
    </message>
    <message>
        <source>{name}, mean of {count} runs: {mean}. 95% interval of the mean: {low} to {high}. Standard deviation: {deviation}.</source>
        <translation>{name}, 실행 {count}개의 평균: {mean}. 평균의 95% 신뢰 구간: {low} ~ {high}. 표준편차: {deviation}.</translation>
    </message>
    <message>
        <source>None of these models is “the” model: each was trained to be measured.</source>
        <translation>이 모델들 가운데 어느 것도 최종 모델이 아닙니다. 모두 성능을 재려고 학습한 모델입니다.</translation>
    </message>
    <message>
        <source>Out of fold: {accuracy} right ({right} of {count} samples, each judged by a model that has not seen it).</source>
        <translation>폴드 밖 정확도: {accuracy} (표본 {count}개 중 {right}개 정답). 각 표본은 자신을 배우지 않은 모델이 판단했습니다.</translation>
    </message>
    <message>
        <source>Out of fold so far: {accuracy} right ({right} of {count} samples).</source>
        <translation>지금까지의 폴드 밖 정확도: {accuracy} (표본 {count}개 중 {right}개 정답).</translation>
    </message>
    <message>
        <source>95% interval, lower end</source>
        <translation>95% 신뢰 구간의 아래 끝</translation>
    </message>
    <message>
        <source>95% interval, upper end</source>
        <translation>95% 신뢰 구간의 위 끝</translation>
    </message>
    <message>
        <source>{name}: mean and 95% interval of the mean</source>
        <translation>{name}: 평균과 평균의 95% 신뢰 구간</translation>
    </message>
    <message>
        <source>Accuracy (%)</source>
        <translation>정확도 (%)</translation>
    </message>
    <message>
        <source>Mean of the runs</source>
        <translation>실행의 평균</translation>
    </message>
    <message>
        <source>Accuracy on the validation data</source>
        <translation>검증 데이터의 정확도</translation>
    </message>
    <message>
        <source>Loss on the validation data</source>
        <translation>검증 데이터의 손실</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>These data have no classes to confuse.</source>
        <translation>이 데이터에는 혼동할 클래스가 없습니다.</translation>
    </message>
    <message>
        <source>Results</source>
        <translation>결과</translation>
    </message>
    <message>
        <source>{name}: the first {count} complete runs</source>
        <translation>{name}: 완료된 실행 중 앞의 {count}개</translation>
    </message>
</context>
<context>
    <name>RoomyPage</name>
    <message>
        <source>Enlarge</source>
        <translation>크게 보기</translation>
    </message>
    <message>
        <source>Show this page in a window of its own</source>
        <translation>이 페이지를 따로 창에서 보기</translation>
    </message>
    <message>
        <source>This page is in a window of its own.</source>
        <translation>이 페이지는 따로 열린 창에 있습니다.</translation>
    </message>
    <message>
        <source>Bring it back</source>
        <translation>다시 가져오기</translation>
    </message>
</context>
<context>
    <name>RowSamples</name>
    <message>
        <source>Sample</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Target</source>
        <translation>정답</translation>
    </message>
</context>
<context>
    <name>RuleToggles</name>
    <message>
        <source>Optimizers that go down</source>
        <translation>내려가는 최적화 방법</translation>
    </message>
</context>
<context>
    <name>RunActions</name>
    <message>
        <source>Play or pause</source>
        <translation>시작 또는 일시정지</translation>
    </message>
    <message>
        <source>One iteration</source>
        <translation>반복 한 번</translation>
    </message>
    <message>
        <source>Stop the run</source>
        <translation>실행 정지</translation>
    </message>
    <message>
        <source>From the beginning</source>
        <translation>처음부터</translation>
    </message>
    <message>
        <source>Go on with the run</source>
        <translation>실행 계속</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>새로 시작</translation>
    </message>
    <message>
        <source>Edit network</source>
        <translation>신경망 편집</translation>
    </message>
    <message>
        <source>Open run folder...</source>
        <translation>실행 폴더 열기...</translation>
    </message>
</context>
<context>
    <name>RunBar</name>
    <message>
        <source>Pause</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>Not started</source>
        <translation>시작 전</translation>
    </message>
    <message>
        <source>Epoch &lt;b&gt;{epoch}&lt;/b&gt; / {epochs} · Iteration &lt;b&gt;{step}&lt;/b&gt; / {steps}</source>
        <translation>에폭 &lt;b&gt;{epoch}&lt;/b&gt; / {epochs} · 반복 &lt;b&gt;{step}&lt;/b&gt; / {steps}</translation>
    </message>
    <message>
        <source>Preparing ...</source>
        <translation>준비하는 중…</translation>
    </message>
    <message>
        <source>Computing again: {done} / {steps}</source>
        <translation>다시 계산하는 중: {done} / {steps}</translation>
    </message>
    <message>
        <source>Begin anew</source>
        <translation>새로 시작</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>A new run from iteration 0, with the settings as they are. The one before stays in its folder</source>
        <translation>지금 설정으로 반복 0부터 새로 실행합니다. 이전 실행은 폴더에 남습니다</translation>
    </message>
    <message>
        <source>Go on where the run has ended</source>
        <translation>실행이 끝난 곳에서 이어서 학습합니다</translation>
    </message>
    <message>
        <source>Play or pause</source>
        <translation>시작 또는 일시정지</translation>
    </message>
    <message>
        <source>Pausing...</source>
        <translation>일시정지하는 중…</translation>
    </message>
    <message>
        <source>{what} (Space)</source>
        <translation>{what} (Space)</translation>
    </message>
    <message>
        <source>Epoch &lt;b&gt;{epoch}&lt;/b&gt; / {epochs}</source>
        <translation>에폭 &lt;b&gt;{epoch}&lt;/b&gt; / {epochs}</translation>
    </message>
    <message>
        <source>Completed in {seconds}</source>
        <translation>{seconds} 만에 완료</translation>
    </message>
    <message>
        <source>Stopped after {seconds}</source>
        <translation>정지됨 ({seconds})</translation>
    </message>
    <message>
        <source>Diverged after {seconds}</source>
        <translation>발산 ({seconds})</translation>
    </message>
    <message>
        <source>Failed after {seconds}</source>
        <translation>실패 ({seconds})</translation>
    </message>
    <message>
        <source>Saving ...</source>
        <translation>저장하는 중…</translation>
    </message>
    <message>
        <source>Stopping ...</source>
        <translation>정지하는 중…</translation>
    </message>
    <message>
        <source>Paused after {seconds}</source>
        <translation>일시정지됨 ({seconds})</translation>
    </message>
    <message>
        <source>{steps} steps/s</source>
        <translation>{steps} 반복/초</translation>
    </message>
    <message>
        <source>{samples} samples/s</source>
        <translation>{samples} 표본/초</translation>
    </message>
    <message>
        <source>{time} left</source>
        <translation>{time} 남음</translation>
    </message>
    <message>
        <source>{s} s</source>
        <translation>{s}초</translation>
    </message>
    <message>
        <source>{m} min {s} s</source>
        <translation>{m}분 {s}초</translation>
    </message>
    <message>
        <source>{h} h {m} min</source>
        <translation>{h}시간 {m}분</translation>
    </message>
    <message>
        <source>Step</source>
        <translation>한 단계</translation>
    </message>
    <message>
        <source>One iteration: one batch forward, backward, update (Right)</source>
        <translation>반복 한 번: 배치 하나로 순전파, 역전파, 갱신을 합니다 (→).</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>정지</translation>
    </message>
    <message>
        <source>End the run and keep what it has learned</source>
        <translation>실행을 끝내고 지금까지 학습한 것을 저장합니다.</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>처음부터</translation>
    </message>
    <message>
        <source>End the run and begin again at iteration 0 (Backspace)</source>
        <translation>실행을 끝내고 반복 0으로 돌아갑니다 (Backspace).</translation>
    </message>
    <message>
        <source>More epochs</source>
        <translation>추가 에폭</translation>
    </message>
    <message>
        <source>For how many epochs a completed run goes on</source>
        <translation>끝난 실행을 이어서 학습할 에폭 수</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>실행 진행률</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Another process is writing</source>
        <translation>다른 프로세스에서 학습 중</translation>
    </message>
</context>
<context>
    <name>RunCurves</name>
    <message>
        <source>Open the run before</source>
        <translation>앞선 실행 열기</translation>
    </message>
    <message>
        <source>No run yet</source>
        <translation>아직 실행 없음</translation>
    </message>
    <message>
        <source>No run yet. The one before is kept.</source>
        <translation>아직 실행하지 않았습니다. 앞선 실행은 남아 있습니다.</translation>
    </message>
    <message>
        <source>The past: iteration {step}</source>
        <translation>과거: 반복 {step}</translation>
    </message>
    <message>
        <source>Run: {name} · the past, as it was at iteration {step}</source>
        <translation>실행: {name} · 과거, 반복 {step}에서의 모습</translation>
    </message>
    <message>
        <source>Run: {name}, with other settings</source>
        <translation>실행: {name} (다른 설정)</translation>
    </message>
    <message>
        <source>Run: {name}, with other settings than those at the left</source>
        <translation>실행: {name} (왼쪽 설정과 다른 설정으로 학습한 결과)</translation>
    </message>
    <message>
        <source>Run: {name}</source>
        <translation>실행: {name}</translation>
    </message>
    <message>
        <source>Training</source>
        <comment>curve</comment>
        <translation>훈련</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>Loss ({name})</source>
        <translation>손실 ({name})</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>정확도</translation>
    </message>
    <message>
        <source>First loss {loss}, guessing {guess}</source>
        <translation>첫 손실 {loss} · 무작위 추측 {guess}</translation>
    </message>
    <message>
        <source>Before the first update the network knows nothing: its loss should be about that of guessing. Far above it, the first weights are too large.</source>
        <translation>첫 갱신 전의 신경망은 아는 것이 없으므로 손실이 무작위 추측과 비슷해야 합니다. 훨씬 크면 가중치 초깃값이 너무 큰 것입니다.</translation>
    </message>
    <message>
        <source>exploded, step left out</source>
        <translation>기울기 폭발, 갱신 건너뜀</translation>
    </message>
    <message>
        <source>First loss {loss}, the mean {guess}</source>
        <translation>첫 손실 {loss} · 평균만 예측하면 {guess}</translation>
    </message>
    <message>
        <source>Continued from: {origin}</source>
        <translation>이어 온 곳: {origin}</translation>
    </message>
    <message>
        <source>Opening the last run...</source>
        <translation>마지막 실행을 여는 중...</translation>
    </message>
    <message>
        <source>Run: {name} · continued from: {origin}</source>
        <translation>실행: {name} · 이어 온 곳: {origin}</translation>
    </message>
    <message>
        <source>Run: {name} · from iteration {step} of another</source>
        <translation>실행: {name} · 반복 {step}부터 이어 옴</translation>
    </message>
</context>
<context>
    <name>RunHead</name>
    <message>
        <source>No run yet</source>
        <translation>아직 실행 없음</translation>
    </message>
    <message>
        <source>Preparing</source>
        <translation>준비 중</translation>
    </message>
    <message>
        <source>Training</source>
        <comment>state</comment>
        <translation>학습 중</translation>
    </message>
    <message>
        <source>Paused</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>Saving</source>
        <translation>저장 중</translation>
    </message>
    <message>
        <source>Completed</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>Stopped</source>
        <translation>정지</translation>
    </message>
    <message>
        <source>Diverged</source>
        <translation>발산</translation>
    </message>
    <message>
        <source>Failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>Another process is writing this run, and it is shown as it grows. Pause or stop it there.</source>
        <translation>다른 프로세스에서 학습 중인 실행을 실시간으로 보여 줍니다. 일시정지와 정지는 그쪽에서 하세요.</translation>
    </message>
    <message>
        <source>Another process is writing</source>
        <translation>다른 프로세스에서 학습 중</translation>
    </message>
    <message>
        <source>Opening the last run...</source>
        <translation>마지막 실행을 여는 중...</translation>
    </message>
</context>
<context>
    <name>RunOpener</name>
    <message>
        <source>Open the folder of a run</source>
        <translation>실행 폴더 열기</translation>
    </message>
    <message>
        <source>A run is under way here. Stop it before you open another one.</source>
        <translation>이 창에서 실행 중입니다. 다른 실행을 열려면 먼저 정지하세요.</translation>
    </message>
</context>
<context>
    <name>RunningPage</name>
    <message>
        <source>true mean</source>
        <translation>참 평균</translation>
    </message>
    <message>
        <source>running mean</source>
        <translation>이동 평균</translation>
    </message>
    <message>
        <source>mean of a batch</source>
        <translation>배치의 평균</translation>
    </message>
    <message>
        <source>batch</source>
        <translation>배치</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>true variance</source>
        <translation>참 분산</translation>
    </message>
    <message>
        <source>running variance</source>
        <translation>이동 분산</translation>
    </message>
    <message>
        <source>biased, N</source>
        <translation>편향 분산, N</translation>
    </message>
    <message>
        <source>unbiased, N − 1</source>
        <translation>불편 분산, N − 1</translation>
    </message>
    <message>
        <source>variance</source>
        <translation>분산</translation>
    </message>
    <message>
        <source>Batch {number}</source>
        <translation>배치 {number}</translation>
    </message>
    <message>
        <source>Variances of the batches on average: biased {biased}, unbiased {unbiased}, true {true}</source>
        <translation>배치 분산의 평균: 편향 {biased}, 불편 {unbiased}, 참값 {true}</translation>
    </message>
    <message>
        <source>torch&apos;s momentum is the share of the new batch: {momentum} here, {other} as the book writes it. torch keeps the unbiased variance.</source>
        <translation>torch의 모멘텀은 새 배치의 비율입니다. 여기서는 {momentum}, 책의 방식으로는 {other}. torch는 불편 분산을 저장합니다.</translation>
    </message>
    <message>
        <source>The book&apos;s momentum is the share of the old mean: {momentum} here, {other} as torch writes it. The book keeps the biased variance.</source>
        <translation>책의 모멘텀은 이전 평균의 비율입니다. 여기서는 {momentum}, torch의 방식으로는 {other}. 책은 편향 분산을 저장합니다.</translation>
    </message>
    <message>
        <source>So the last batch counts most: the running mean jumps with every batch.</source>
        <translation>마지막 배치의 비중이 커서 이동 평균이 배치마다 출렁입니다.</translation>
    </message>
    <message>
        <source>So slow that it still remembers where it began.</source>
        <translation>너무 느려서 아직 처음 값이 남아 있습니다.</translation>
    </message>
    <message>
        <source>true {value}</source>
        <translation>참값 {value}</translation>
    </message>
    <message>
        <source>Running mean</source>
        <translation>이동 평균</translation>
    </message>
    <message>
        <source>Running variance</source>
        <translation>이동 분산</translation>
    </message>
    <message>
        <source>Half forgotten after</source>
        <translation>절반을 잊는 데</translation>
    </message>
    <message>
        <source>batches</source>
        <translation>배치</translation>
    </message>
    <message>
        <source>Left of the beginning</source>
        <translation>처음 값이 남은 비율</translation>
    </message>
    <message>
        <source>Running mean over the batches</source>
        <translation>배치에 따른 이동 평균</translation>
    </message>
    <message>
        <source>Running variance over the batches</source>
        <translation>배치에 따른 이동 분산</translation>
    </message>
</context>
<context>
    <name>RunsModel</name>
    <message>
        <source>running here</source>
        <translation>여기서 실행 중</translation>
    </message>
    <message>
        <source>running elsewhere</source>
        <translation>다른 곳에서 실행 중</translation>
    </message>
    <message>
        <source>stopped</source>
        <translation>정지됨</translation>
    </message>
    <message>
        <source>completed</source>
        <translation>완료</translation>
    </message>
    <message>
        <source>diverged</source>
        <translation>발산</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>실패</translation>
    </message>
    <message>
        <source>damaged</source>
        <translation>손상됨</translation>
    </message>
    <message>
        <source>Name</source>
        <translation>이름</translation>
    </message>
    <message>
        <source>State</source>
        <translation>상태</translation>
    </message>
    <message>
        <source>Best accuracy</source>
        <translation>최고 정확도</translation>
    </message>
    <message>
        <source>Best loss</source>
        <translation>최저 손실</translation>
    </message>
    <message>
        <source>Epochs</source>
        <comment>done of all</comment>
        <translation>에폭</translation>
    </message>
    <message>
        <source>Begun</source>
        <translation>시작한 때</translation>
    </message>
    <message>
        <source>Data</source>
        <translation>데이터</translation>
    </message>
    <message>
        <source>Network</source>
        <translation>신경망</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>Differs in</source>
        <translation>다른 설정</translation>
    </message>
    <message>
        <source>Continued from</source>
        <translation>이어 온 곳</translation>
    </message>
</context>
<context>
    <name>RunsPage</name>
    <message>
        <source>Reading ...</source>
        <translation>읽는 중 ...</translation>
    </message>
    <message>
        <source>No runs yet</source>
        <translation>아직 실행이 없습니다</translation>
    </message>
    <message>
        <source>{count} runs</source>
        <translation>실행 {count}개</translation>
    </message>
    <message>
        <source>{shown} of {count} runs</source>
        <translation>실행 {count}개 중 {shown}개</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>따라가기</translation>
    </message>
    <message>
        <source>Open</source>
        <translation>열기</translation>
    </message>
    <message>
        <source>{count} runs are selected</source>
        <translation>실행 {count}개를 선택했습니다</translation>
    </message>
    <message>
        <source>Rename the run</source>
        <translation>실행 이름 바꾸기</translation>
    </message>
    <message>
        <source>Note</source>
        <translation>메모</translation>
    </message>
    <message>
        <source>Move these runs to the trash? They can be brought back from there.</source>
        <translation>이 실행을 휴지통으로 옮길까요? 휴지통에서 되살릴 수 있습니다.</translation>
    </message>
    <message>
        <source>Move to the trash</source>
        <translation>휴지통으로 옮기기</translation>
    </message>
    <message>
        <source>{folder} cannot be moved to the trash. Nothing has been deleted.</source>
        <translation>휴지통으로 옮길 수 없습니다: {folder}. 아무것도 지우지 않았습니다.</translation>
    </message>
    <message>
        <source>In the trash: {name}</source>
        <translation>휴지통으로 옮겼습니다: {name}</translation>
    </message>
    <message>
        <source>Tables (*.csv)</source>
        <translation>표 (*.csv)</translation>
    </message>
    <message>
        <source>Save the table</source>
        <translation>표 저장</translation>
    </message>
    <message>
        <source>runs</source>
        <translation>실행 목록</translation>
    </message>
    <message>
        <source>Folder</source>
        <translation>폴더</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>고정 해제</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>고정</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>찾기</translation>
    </message>
    <message>
        <source>Only runs with all of these words in a cell, their folder or their note</source>
        <translation>표의 칸, 폴더 이름, 메모에 이 낱말이 모두 있는 실행만 보입니다</translation>
    </message>
    <message>
        <source>Go on</source>
        <translation>계속</translation>
    </message>
    <message>
        <source>Go on where the run has ended; a completed one for more epochs</source>
        <translation>실행이 끝난 곳에서 이어 갑니다. 완료된 실행은 에폭을 더 늘립니다</translation>
    </message>
    <message>
        <source>Rename</source>
        <translation>이름 바꾸기</translation>
    </message>
    <message>
        <source>Give the run another name</source>
        <translation>실행에 다른 이름을 붙입니다</translation>
    </message>
    <message>
        <source>Write down what you want to remember of the run</source>
        <translation>실행에 대한 메모를 적습니다</translation>
    </message>
    <message>
        <source>Show the run&apos;s folder</source>
        <translation>실행 폴더를 엽니다</translation>
    </message>
    <message>
        <source>Trash</source>
        <translation>휴지통</translation>
    </message>
    <message>
        <source>Move the selected runs to the trash</source>
        <translation>선택한 실행을 휴지통으로 옮깁니다</translation>
    </message>
    <message>
        <source>Save CSV</source>
        <translation>CSV 저장</translation>
    </message>
    <message>
        <source>Save the table as it is shown</source>
        <translation>지금 보이는 표를 저장합니다</translation>
    </message>
    <message>
        <source>All runs</source>
        <translation>모든 실행</translation>
    </message>
    <message>
        <source>At most {most} runs can be pinned at once. Unpin some first.</source>
        <translation>한 번에 최대 {most}개의 실행을 고정할 수 있습니다. 먼저 다른 실행의 고정을 해제하세요.</translation>
    </message>
    <message>
        <source>Show it as this run. One that another process trains is shown as it grows</source>
        <translation>이 실행으로 엽니다. 다른 프로세스에서 학습 중이면 실시간으로 보여 줍니다</translation>
    </message>
</context>
<context>
    <name>SampleAnswer</name>
    <message>
        <source>Output beside the truth</source>
        <translation>출력과 정답</translation>
    </message>
    <message>
        <source>The outputs are no longer finite numbers.</source>
        <translation>출력이 더 이상 유한한 수가 아닙니다.</translation>
    </message>
    <message>
        <source>Probabilities: the network&apos;s own softmax</source>
        <translation>확률: 신경망의 마지막 소프트맥스 출력</translation>
    </message>
    <message>
        <source>Probabilities: softmax of the outputs</source>
        <translation>확률: 출력에 소프트맥스를 적용한 값</translation>
    </message>
    <message>
        <source>Outputs, trained on squared error: no probabilities</source>
        <translation>제곱 오차로 학습한 출력: 확률이 아님</translation>
    </message>
    <message>
        <source>Next character</source>
        <translation>다음 글자</translation>
    </message>
    <message>
        <source>Mean squared error of this series</source>
        <translation>이 시퀀스의 평균 제곱 오차</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Difference</source>
        <translation>차이</translation>
    </message>
</context>
<context>
    <name>SampleSheet</name>
    <message>
        <source>{name}: sample {number}</source>
        <translation>{name}: 표본 {number}</translation>
    </message>
</context>
<context>
    <name>SampleTiles</name>
    <message>
        <source>True {true}, predicted {predicted}, {certainty}</source>
        <translation>정답 {true}, 예측 {predicted}, {certainty}</translation>
    </message>
</context>
<context>
    <name>SamplesCard</name>
    <message>
        <source>Double click or Enter: see it large.</source>
        <translation>더블클릭하거나 Enter를 누르면 크게 보입니다.</translation>
    </message>
    <message>
        <source>The first {shown} of {count} classes.</source>
        <translation>클래스 {count}개 중 앞의 {shown}개입니다.</translation>
    </message>
    <message>
        <source>{shown} of {count} samples can be looked at here.</source>
        <translation>표본 {count}개 중 {shown}개를 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Training sample {number}: {name}</source>
        <translation>훈련 표본 {number}: {name}</translation>
    </message>
    <message>
        <source>Validation sample {number}: {name}</source>
        <translation>검증 표본 {number}: {name}</translation>
    </message>
    <message>
        <source>Samples</source>
        <translation>표본</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>훈련</translation>
    </message>
    <message>
        <source>Validation</source>
        <translation>검증</translation>
    </message>
    <message>
        <source>Part of the data</source>
        <translation>데이터의 부분</translation>
    </message>
    <message>
        <source>Previous</source>
        <translation>이전</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>다음</translation>
    </message>
    <message>
        <source>The samples before these</source>
        <translation>앞의 표본</translation>
    </message>
    <message>
        <source>The samples after these</source>
        <translation>뒤의 표본</translation>
    </message>
    <message>
        <source>Samples by class</source>
        <translation>클래스별 표본</translation>
    </message>
</context>
<context>
    <name>ScalesPage</name>
    <message>
        <source>with BN</source>
        <translation>배치 정규화</translation>
    </message>
    <message>
        <source>without</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>at σ = {value}</source>
        <translation>σ = {value}</translation>
    </message>
    <message>
        <source>With BN</source>
        <translation>배치 정규화</translation>
    </message>
    <message>
        <source>BN is ahead at</source>
        <translation>배치 정규화가 앞서는 곳</translation>
    </message>
    <message>
        <source>of {count} scales</source>
        <translation>/ {count}가지</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>에폭</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>/ {count}</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Space 키</translation>
    </message>
    <message>
        <source>Accuracy over the epochs, a plot for each deviation of the first weights</source>
        <translation>에폭에 따른 정확도, 초깃값의 표준편차마다 그래프 하나</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>에폭</translation>
    </message>
    <message>
        <source>accuracy</source>
        <translation>정확도</translation>
    </message>
    <message>
        <source>Progress</source>
        <translation>진행</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>정지</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>학습 시작</translation>
    </message>
    <message>
        <source>32 networks of five hidden layers of 100, 1,000 digits, rate 0.01</source>
        <translation>은닉층이 다섯인 신경망 32개, 숫자 1,000장, 학습률 0.01</translation>
    </message>
    <message>
        <source>Trained with other settings than those at the left; train again to see these.</source>
        <translation>왼쪽과 다른 설정으로 학습한 결과입니다. 다시 학습하면 지금 설정을 봅니다.</translation>
    </message>
    <message>
        <source>Without BN</source>
        <translation>배치 정규화 없음</translation>
    </message>
    <message>
        <source>with batch normalisation</source>
        <translation>배치 정규화를 쓸 때</translation>
    </message>
    <message>
        <source>Press Train (Space): every frame gets two curves.</source>
        <translation>‘학습 시작’을 누르면(Space) 칸마다 곡선 두 개가 그려집니다.</translation>
    </message>
</context>
<context>
    <name>Scene</name>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>Point at a cell to see every output cell that reads it. Drag or turn the wheel to move the lens.</source>
        <translation>칸을 가리키면 그 칸을 읽는 출력 칸이 모두 강조됩니다. 끌거나 휠을 돌리면 돋보기가 움직입니다.</translation>
    </message>
    <message>
        <source>Point at a weight to see every input cell that it touches.</source>
        <translation>가중치를 가리키면 그 가중치와 곱해지는 입력 칸이 모두 강조됩니다.</translation>
    </message>
    <message>
        <source>Point at a cell to see the window that it is computed from. Click to pin, Esc to free.</source>
        <translation>칸을 가리키면 그 칸을 계산하는 창이 강조됩니다. 클릭하면 고정되고 Esc로 풉니다.</translation>
    </message>
    <message>
        <source>Filter, flipped ({rows} × {columns})</source>
        <translation>뒤집은 필터 ({rows} × {columns})</translation>
    </message>
    <message>
        <source>Activation map {number} ({rows} × {columns})</source>
        <translation>활성화 맵 {number} ({rows} × {columns})</translation>
    </message>
    <message>
        <source>max</source>
        <translation>최대</translation>
    </message>
    <message>
        <source>The largest value of the window.</source>
        <translation>창 안의 가장 큰 값입니다.</translation>
    </message>
    <message>
        <source>mean</source>
        <translation>평균</translation>
    </message>
    <message>
        <source>The mean of the window&apos;s values.</source>
        <translation>창 안 값들의 평균입니다.</translation>
    </message>
    <message>
        <source>Each input cell puts down the filter, times its value; where filters overlap, the products add up.</source>
        <translation>입력 칸마다 자기 값을 곱한 필터를 내려놓습니다. 필터가 겹치는 곳에서는 곱이 더해집니다.</translation>
    </message>
    <message>
        <source>Convolution: the filter is flipped along every axis, then laid on.</source>
        <translation>합성곱: 필터를 모든 축에서 뒤집은 뒤 올려놓습니다.</translation>
    </message>
    <message>
        <source>Cross-correlation: the filter is laid on, not flipped.</source>
        <translation>교차상관: 필터를 뒤집지 않고 그대로 겹칩니다.</translation>
    </message>
    <message>
        <source>Weight ({row}, {column}){value}: meets {count} input cells here</source>
        <translation>가중치 ({row}, {column}){value}: 여기서 곱해지는 입력 칸 {count}개</translation>
    </message>
    <message>
        <source>The whole picture</source>
        <translation>전체 그림</translation>
    </message>
    <message>
        <source>The whole picture. Click or drag to move the lens.</source>
        <translation>전체 그림입니다. 클릭하거나 끌면 돋보기가 움직입니다.</translation>
    </message>
    <message>
        <source>Input + padding ({rows} × {columns})</source>
        <translation>입력 + 패딩 ({rows} × {columns})</translation>
    </message>
    <message>
        <source>Input ({rows} × {columns})</source>
        <translation>입력 ({rows} × {columns})</translation>
    </message>
    <message>
        <source>Filter ({rows} × {columns})</source>
        <translation>필터 ({rows} × {columns})</translation>
    </message>
    <message>
        <source>Output, map {number} ({rows} × {columns})</source>
        <translation>출력, 맵 {number} ({rows} × {columns})</translation>
    </message>
    <message>
        <source>Output ({rows} × {columns})</source>
        <translation>출력 ({rows} × {columns})</translation>
    </message>
    <message>
        <source>Cell ({row}, {column}), pinned</source>
        <translation>칸 ({row}, {column}) 고정됨</translation>
    </message>
    <message>
        <source>Cell ({row}, {column})</source>
        <translation>칸 ({row}, {column})</translation>
    </message>
    <message>
        <source>Input ({row}, {column}){value}: read by {count} output cells here</source>
        <translation>입력 ({row}, {column}){value}: 보이는 출력 {count}칸이 읽습니다</translation>
    </message>
</context>
<context>
    <name>SceneCard</name>
    <message>
        <source>Input channel {name}</source>
        <translation>입력 채널 {name}</translation>
    </message>
    <message>
        <source>Channel {name}</source>
        <translation>채널 {name}</translation>
    </message>
    <message>
        <source>Cell ({row}, {column})</source>
        <translation>칸 ({row}, {column})</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>합성곱</translation>
    </message>
    <message>
        <source>Cross-correlation</source>
        <translation>교차상관</translation>
    </message>
    <message>
        <source>One cell</source>
        <translation>한 칸의 계산</translation>
    </message>
    <message>
        <source>Window</source>
        <translation>한 칸씩</translation>
    </message>
    <message>
        <source>Backward</source>
        <translation>역전파</translation>
    </message>
    <message>
        <source>View of the cell</source>
        <translation>칸을 보는 방법</translation>
    </message>
    <message>
        <source>The filter&apos;s window over the input, and the sum of one output cell</source>
        <translation>입력 위의 필터 창과 출력 한 칸의 합</translation>
    </message>
    <message>
        <source>The same as a product of matrices: a row an output cell, a column a weight</source>
        <translation>같은 계산을 행렬 곱으로 봅니다. 행 하나가 출력 한 칸, 열 하나가 가중치 하나입니다.</translation>
    </message>
    <message>
        <source>Which gradients of the output flow into a weight or an input cell</source>
        <translation>출력의 어떤 기울기가 가중치나 입력 칸으로 흘러오는지 봅니다.</translation>
    </message>
    <message>
        <source>What the field calls convolution is a cross-correlation: the filter is laid on as it is. The convolution of mathematics flips it first. Click to see the other one on the same numbers.</source>
        <translation>딥러닝에서 합성곱이라 부르는 계산은 교차상관으로, 필터를 그대로 올려놓습니다. 수학의 합성곱은 필터를 먼저 뒤집습니다. 누르면 같은 값으로 다른 쪽을 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>Fewer, larger cells (+, Ctrl and wheel)</source>
        <translation>칸을 더 크게, 더 적게 (+, Ctrl과 휠)</translation>
    </message>
    <message>
        <source>Zoom in</source>
        <translation>확대</translation>
    </message>
    <message>
        <source>More, smaller cells (−, Ctrl and wheel)</source>
        <translation>칸을 더 작게, 더 많이 (−, Ctrl과 휠)</translation>
    </message>
    <message>
        <source>Zoom out</source>
        <translation>축소</translation>
    </message>
    <message>
        <source>Input channel</source>
        <translation>입력 채널</translation>
    </message>
</context>
<context>
    <name>ScheduleFold</name>
    <message>
        <source>Epochs</source>
        <translation>에폭</translation>
    </message>
    <message>
        <source>Learning rate over the epochs</source>
        <translation>에폭에 따른 학습률</translation>
    </message>
    <message>
        <source>Learning rate of the next iteration: {rate}</source>
        <translation>다음 반복의 학습률: {rate}</translation>
    </message>
    <message>
        <source>Schedule</source>
        <translation>학습률 일정</translation>
    </message>
    <message>
        <source>How the learning rate changes while the run goes on.</source>
        <translation>학습하는 동안 학습률을 어떻게 바꿀지 정합니다.</translation>
    </message>
    <message>
        <source>The learning rate above is multiplied by what the schedule says.</source>
        <translation>위에서 정한 학습률에 일정의 비율을 곱합니다.</translation>
    </message>
    <message>
        <source>Kind</source>
        <translation>종류</translation>
    </message>
</context>
<context>
    <name>ScoreRows</name>
    <message>
        <source>Score of class {number}</source>
        <translation>클래스 {number}의 점수</translation>
    </message>
    <message>
        <source>Add a class</source>
        <translation>클래스 추가</translation>
    </message>
    <message>
        <source>Remove the last</source>
        <translation>마지막 삭제</translation>
    </message>
</context>
<context>
    <name>ScriptDialog</name>
    <message>
        <source>PyTorch script</source>
        <translation>PyTorch 스크립트</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>복사</translation>
    </message>
    <message>
        <source>Save...</source>
        <translation>저장...</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>닫기</translation>
    </message>
    <message>
        <source>Copied: the experiment as a PyTorch script</source>
        <translation>복사했습니다: 실험의 PyTorch 스크립트</translation>
    </message>
    <message>
        <source>Save the script</source>
        <translation>스크립트 저장</translation>
    </message>
    <message>
        <source>Python scripts (*.py)</source>
        <translation>Python 스크립트 (*.py)</translation>
    </message>
</context>
<context>
    <name>ScrubPlayer</name>
    <message>
        <source>Pause</source>
        <translation>일시정지</translation>
    </message>
    <message>
        <source>Play</source>
        <translation>시작</translation>
    </message>
</context>
<context>
    <name>SequenceActions</name>
    <message>
        <source>Open in the training lab</source>
        <translation>학습 실험실에서 열기</translation>
    </message>
</context>
<context>
    <name>SequenceCurves</name>
    <message>
        <source>Loss curves</source>
        <translation>손실 곡선</translation>
    </message>
    <message>
        <source>Curves</source>
        <comment>choice of pages</comment>
        <translation>곡선</translation>
    </message>
</context>
<context>
    <name>SequencePanel</name>
    <message>
        <source>Task</source>
        <translation>과제</translation>
    </message>
    <message>
        <source>Edits of the learning rate and of gradient clipping reach it at once.</source>
        <translation>학습률과 기울기 자르기를 바꾸면 바로 적용됩니다.</translation>
    </message>
    <message>
        <source>At each step: {reads}
To answer: {answers}</source>
        <translation>입력: {reads}
출력: {answers}</translation>
    </message>
    <message>
        <source>What is to be learned. Each task begins with settings that learn it.</source>
        <translation>무엇을 배울지 정합니다. 과제마다 잘 배우는 설정으로 시작합니다.</translation>
    </message>
    <message>
        <source>Recurrent layer</source>
        <translation>순환 층</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>Clip norm</source>
        <translation>기울기 자르기</translation>
    </message>
    <message>
        <source>Truncated to</source>
        <translation>전파할 시각 수</translation>
    </message>
</context>
<context>
    <name>SequenceResults</name>
    <message>
        <source>Hide the settings</source>
        <translation>설정 숨기기</translation>
    </message>
    <message>
        <source>Show the settings</source>
        <translation>설정 보이기</translation>
    </message>
    <message>
        <source>{cell}: iteration {step} / {steps}</source>
        <translation>{cell}: 반복 {step} / {steps}</translation>
    </message>
    <message>
        <source>The cells take turns, and each one learns from iteration 0: compare them at the same iteration</source>
        <translation>셀들은 번갈아 학습하며 저마다 반복 0에서 시작합니다. 같은 반복에서 견주어 보세요</translation>
    </message>
    <message>
        <source>Make room: hide the settings, or show them again</source>
        <translation>자리를 내기 위해 설정을 숨기거나 다시 보입니다</translation>
    </message>
    <message>
        <source>{cells}: press {button}, and they learn beside it.</source>
        <translation>{cells}: {button} 버튼을 누르면 나란히 학습합니다.</translation>
    </message>
    <message>
        <source>One step, gradient, memory: hide the settings</source>
        <translation>한 시각·기울기·기억 보기(설정 숨기기)</translation>
    </message>
</context>
<context>
    <name>SeriesView</name>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>Prediction − truth</source>
        <translation>예측 − 정답</translation>
    </message>
    <message>
        <source>Truth and prediction over time</source>
        <translation>시각에 따른 정답과 예측</translation>
    </message>
    <message>
        <source>Time step t</source>
        <translation>시각 t</translation>
    </message>
</context>
<context>
    <name>SettingsPanel</name>
    <message>
        <source>Export</source>
        <translation>내보내기</translation>
    </message>
    <message>
        <source>As a script or a notebook, and the run for other programs</source>
        <translation>스크립트나 노트북으로, 또는 실행을 다른 프로그램용 파일로 내보냅니다</translation>
    </message>
    <message>
        <source>The run under way has other settings. Begin anew, above, starts a run with these.</source>
        <translation>진행 중인 실행은 다른 설정으로 학습하고 있습니다. 위의 새로 시작을 누르면 지금 설정으로 학습합니다.</translation>
    </message>
</context>
<context>
    <name>ShortcutsPage</name>
    <message>
        <source>Keyboard shortcuts</source>
        <translation>단축키</translation>
    </message>
    <message>
        <source>Search a shortcut</source>
        <translation>단축키 찾기</translation>
    </message>
    <message>
        <source>No shortcut does that.</source>
        <translation>그런 단축키는 없습니다.</translation>
    </message>
</context>
<context>
    <name>SizeAxes</name>
    <message>
        <source>the same weights at each step</source>
        <translation>모든 시각에 같은 가중치</translation>
    </message>
    <message>
        <source>Hidden size H is how many units the layer has, T how many time steps the sequence has: two axes. The same weights are used at each of the {steps} steps, so the number of parameters does not depend on T</source>
        <translation>은닉 크기 H는 층의 단위 수이고 T는 시퀀스의 시각 수로, 서로 다른 두 축입니다. 시각 {steps}개 모두에서 같은 가중치를 쓰므로 매개변수 수는 T와 관계가 없습니다</translation>
    </message>
</context>
<context>
    <name>SmoothingPage</name>
    <message>
        <source>floor {value}</source>
        <translation>하한 {value}</translation>
    </message>
    <message>
        <source>best lead {value}</source>
        <translation>가장 좋은 차 {value}</translation>
    </message>
    <message>
        <source>cross-entropy</source>
        <translation>교차 엔트로피</translation>
    </message>
    <message>
        <source>with smoothed labels</source>
        <translation>스무딩한 레이블</translation>
    </message>
    <message>
        <source>lead of the true class</source>
        <translation>정답 클래스의 점수 차</translation>
    </message>
    <message>
        <source>lead of the true class&apos;s score</source>
        <translation>정답 클래스의 점수 차</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>floor</source>
        <translation>하한</translation>
    </message>
    <message>
        <source>smoothing s</source>
        <translation>스무딩 s</translation>
    </message>
    <message>
        <source>least loss</source>
        <translation>손실의 하한</translation>
    </message>
    <message>
        <source>how many</source>
        <translation>개수</translation>
    </message>
    <message>
        <source>target</source>
        <translation>목표</translation>
    </message>
    <message>
        <source>answer p</source>
        <translation>출력 p</translation>
    </message>
    <message>
        <source>−target · ln p, together</source>
        <translation>−목표 · ln p (합)</translation>
    </message>
    <message>
        <source>true class</source>
        <translation>정답 클래스</translation>
    </message>
    <message>
        <source>each other</source>
        <translation>나머지 각각</translation>
    </message>
    <message>
        <source>at a lead of {value}</source>
        <translation>점수 차 {value}</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>without smoothing: {value}</source>
        <translation>스무딩 없이: {value}</translation>
    </message>
    <message>
        <source>Floor</source>
        <translation>하한</translation>
    </message>
    <message>
        <source>Above the floor</source>
        <translation>하한과의 차</translation>
    </message>
</context>
<context>
    <name>SoftmaxPage</name>
    <message>
        <source>score x</source>
        <translation>점수 x</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>합</translation>
    </message>
    <message>
        <source>at most 0.25</source>
        <translation>최대 0.25</translation>
    </message>
    <message>
        <source>Largest</source>
        <translation>가장 큰 값</translation>
    </message>
</context>
<context>
    <name>StabilityPage</name>
    <message>
        <source>η below {rate}</source>
        <translation>η &lt; {rate}</translation>
    </message>
    <message>
        <source>learning rate η of {rule}</source>
        <translation>{rule}의 학습률 η</translation>
    </message>
    <message>
        <source>distance after a step / before it</source>
        <translation>한 단계 뒤의 거리 / 앞의 거리</translation>
    </message>
    <message>
        <source>{rule}, steepest direction</source>
        <translation>{rule}, 가장 가파른 방향</translation>
    </message>
    <message>
        <source>{rule}, flattest direction</source>
        <translation>{rule}, 가장 완만한 방향</translation>
    </message>
    <message>
        <source>the same distance</source>
        <translation>같은 거리</translation>
    </message>
    <message>
        <source>limit {rate}</source>
        <translation>한계 {rate}</translation>
    </message>
    <message>
        <source>learning rate</source>
        <translation>학습률</translation>
    </message>
    <message>
        <source>Rate × largest curvature at each optimizer&apos;s place, and its limit (the line)</source>
        <translation>각자의 위치에서 본 학습률 × 가장 큰 곡률과 그 한계(세로선)</translation>
    </message>
    <message>
        <source>What a step makes of the distance, by the rate</source>
        <translation>학습률에 따라 한 단계가 거리를 바꾸는 배율</translation>
    </message>
    <message>
        <source>Rate times curvature against its limit</source>
        <translation>학습률 × 곡률과 그 한계</translation>
    </message>
</context>
<context>
    <name>StackCard</name>
    <message>
        <source>Own network</source>
        <translation>직접 만든 신경망</translation>
    </message>
    <message>
        <source>{network}, changed</source>
        <translation>{network} · 수정됨</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>Fully connected layers hold {percent} of the parameters.</source>
        <translation>매개변수 가운데 완전 연결 층에 있는 비율: {percent}</translation>
    </message>
    <message>
        <source>This network beside</source>
        <translation>지금 신경망과 비교</translation>
    </message>
    <message>
        <source>Famous networks</source>
        <translation>유명한 신경망</translation>
    </message>
    <message>
        <source>Famous networks, and what each of them brought</source>
        <translation>유명한 신경망과 각각이 가져온 변화</translation>
    </message>
    <message>
        <source>Compare</source>
        <translation>비교</translation>
    </message>
    <message>
        <source>Two networks side by side: layers, totals, curves by depth</source>
        <translation>두 신경망을 나란히: 층, 합계, 깊이별 곡선</translation>
    </message>
    <message>
        <source>Fill in</source>
        <translation>빈칸 채우기</translation>
    </message>
    <message>
        <source>The table with blanks: work out shapes and parameters yourself</source>
        <translation>빈칸이 있는 표: 형상과 매개변수를 직접 계산해 봅니다.</translation>
    </message>
    <message>
        <source>No layers yet</source>
        <translation>아직 층이 없습니다</translation>
    </message>
    <message>
        <source>Open a famous network</source>
        <translation>유명한 신경망 열기</translation>
    </message>
    <message>
        <source>+ Layer</source>
        <translation>+ 층</translation>
    </message>
    <message>
        <source>Put a layer in below the chosen one (Insert)</source>
        <translation>선택한 층 아래에 층을 넣습니다 (Insert).</translation>
    </message>
    <message>
        <source>Double click: another name</source>
        <translation>더블클릭하면 이름을 바꿀 수 있습니다.</translation>
    </message>
    <message>
        <source>Empty: begin your own</source>
        <translation>빈 신경망에서 시작</translation>
    </message>
</context>
<context>
    <name>StackHeader</name>
    <message>
        <source>layer</source>
        <translation>층</translation>
    </message>
    <message>
        <source>output shape</source>
        <translation>출력 형상</translation>
    </message>
    <message>
        <source>parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>MACs</source>
        <translation>MAC</translation>
    </message>
    <message>
        <source>memory</source>
        <translation>메모리</translation>
    </message>
    <message>
        <source>share</source>
        <translation>비율</translation>
    </message>
    <message>
        <source>Click to see its share in the bars.</source>
        <translation>클릭하면 막대가 이 값의 비율을 보여 줍니다.</translation>
    </message>
    <message>
        <source>Without the batch: channels × height × width</source>
        <translation>배치 차원을 뺀 형상: 채널 × 높이 × 너비</translation>
    </message>
    <message>
        <source>Share of the whole network. The longest bar is the largest layer&apos;s.</source>
        <translation>신경망 전체에서 차지하는 비율입니다. 가장 큰 층의 막대가 가장 깁니다.</translation>
    </message>
    <message>
        <source>Click for the share of the next number: parameters, MACs, memory.</source>
        <translation>클릭하면 다음 항목의 비율을 보여 줍니다: 매개변수, MAC, 메모리.</translation>
    </message>
    <message>
        <source>Weights and biases that are learned.</source>
        <translation>학습하는 가중치와 편향의 수입니다.</translation>
    </message>
    <message>
        <source>Multiply-adds for one sample.</source>
        <translation>표본 하나의 곱셈-덧셈 횟수입니다.</translation>
    </message>
    <message>
        <source>Activation memory: what the output takes, 4 bytes a number.</source>
        <translation>활성값 메모리: 출력이 차지하는 메모리로, 수 하나가 4바이트입니다.</translation>
    </message>
</context>
<context>
    <name>StackMenu</name>
    <message>
        <source>Edit</source>
        <translation>편집</translation>
    </message>
    <message>
        <source>Add a layer below...</source>
        <translation>아래에 층 추가...</translation>
    </message>
    <message>
        <source>Duplicate</source>
        <translation>복제</translation>
    </message>
    <message>
        <source>Switch on</source>
        <translation>켜기</translation>
    </message>
    <message>
        <source>Switch off</source>
        <translation>끄기</translation>
    </message>
    <message>
        <source>Move up</source>
        <translation>위로 옮기기</translation>
    </message>
    <message>
        <source>Move down</source>
        <translation>아래로 옮기기</translation>
    </message>
    <message>
        <source>Delete</source>
        <translation>삭제</translation>
    </message>
    <message>
        <source>Unfold</source>
        <translation>펴기</translation>
    </message>
    <message>
        <source>Fold</source>
        <translation>접기</translation>
    </message>
    <message>
        <source>Fold all</source>
        <translation>모두 접기</translation>
    </message>
    <message>
        <source>Unfold all</source>
        <translation>모두 펴기</translation>
    </message>
    <message>
        <source>Copy drawing</source>
        <translation>도식 복사</translation>
    </message>
    <message>
        <source>Save drawing (SVG, PNG)...</source>
        <translation>도식 저장 (SVG, PNG)...</translation>
    </message>
</context>
<context>
    <name>StackView</name>
    <message>
        <source>{branch}: hands its input on</source>
        <translation>{branch}: 입력을 그대로 내보냅니다</translation>
    </message>
    <message>
        <source>Problem: {layer}</source>
        <translation>문제: {layer}</translation>
    </message>
    <message>
        <source>switched off</source>
        <translation>꺼짐</translation>
    </message>
    <message>
        <source>folded</source>
        <translation>접힘</translation>
    </message>
    <message>
        <source>unfolded</source>
        <translation>펴짐</translation>
    </message>
    <message>
        <source>Switched off: the network is counted without it. Space switches it on.</source>
        <translation>꺼져 있어 이 층을 빼고 계산합니다. Space 키로 다시 켭니다.</translation>
    </message>
</context>
<context>
    <name>StartFold</name>
    <message>
        <source>Start and gradient</source>
        <translation>초깃값과 기울기</translation>
    </message>
    <message>
        <source>How the first weights are drawn, and how long a gradient may be.</source>
        <translation>처음 가중치를 어떻게 뽑고 기울기를 어디까지 허용할지 정합니다.</translation>
    </message>
</context>
<context>
    <name>StartsPage</name>
    <message>
        <source>Iterations</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>of {count}</source>
        <translation>/ {count}</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>Space</source>
        <translation>Space 키</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>정지</translation>
    </message>
    <message>
        <source>Train</source>
        <translation>학습 시작</translation>
    </message>
    <message>
        <source>The same network begins with 0.01, Xavier and He, besides with the first weights at the left where those are others, and learns from the same batches.</source>
        <translation>같은 신경망이 0.01, Xavier, He에서 시작해 같은 배치로 학습합니다. 왼쪽에서 다른 초깃값을 고르면 그것도 함께 학습합니다.</translation>
    </message>
    <message>
        <source>Training in the background</source>
        <translation>학습 중</translation>
    </message>
    <message>
        <source>Trained with other settings than those at the left; train again to see these.</source>
        <translation>왼쪽과 다른 설정으로 학습한 결과입니다. 다시 학습하면 지금 설정을 봅니다.</translation>
    </message>
    <message>
        <source>Press Train (Space).</source>
        <translation>‘학습 시작’을 누르세요(Space).</translation>
    </message>
</context>
<context>
    <name>StartsView</name>
    <message>
        <source>First weights</source>
        <translation>초깃값</translation>
    </message>
    <message>
        <source>first loss</source>
        <translation>처음 손실</translation>
    </message>
    <message>
        <source>latest</source>
        <translation>최근</translation>
    </message>
    <message>
        <source>least</source>
        <translation>최소</translation>
    </message>
    <message>
        <source>Loss on the digits, {activation}, {count} iterations</source>
        <translation>숫자 데이터의 손실, {activation}, {count}번 반복</translation>
    </message>
    <message>
        <source>iteration</source>
        <translation>반복</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>Losses of the first weights</source>
        <translation>초깃값에 따른 손실</translation>
    </message>
    <message>
        <source>784 inputs, four layers of 100, 10 classes; batches of {batch} at rate {rate}, the same for all. Curves are means of {count} iterations. A network that guesses has a loss of ln 10 = 2.303.</source>
        <translation>입력 784개, 단위 100개인 층 네 개, 클래스 10개입니다. 배치 크기 {batch}, 학습률 {rate}, 모두 같은 배치로 학습합니다. 곡선은 {count}번 반복의 평균입니다. 찍기만 하는 신경망의 손실은 ln 10 = 2.303입니다.</translation>
    </message>
</context>
<context>
    <name>StepCard</name>
    <message>
        <source>Given values</source>
        <translation>주어진 값</translation>
    </message>
    <message>
        <source>Forward through {sign}</source>
        <translation>순전파: {sign}</translation>
    </message>
    <message>
        <source>The gradient begins</source>
        <translation>기울기의 시작</translation>
    </message>
    <message>
        <source>Backward through {sign}</source>
        <translation>역전파: {sign}</translation>
    </message>
    <message>
        <source>∂output/∂output =</source>
        <translation>∂출력/∂출력 =</translation>
    </message>
    <message>
        <source>upstream</source>
        <translation>상류 기울기</translation>
    </message>
    <message>
        <source>local</source>
        <translation>국소 미분</translation>
    </message>
    <message>
        <source>summed:</source>
        <translation>합:</translation>
    </message>
    <message>
        <source>passed back</source>
        <translation>하류 기울기</translation>
    </message>
    <message>
        <source>Σ {name}</source>
        <translation>Σ {name}</translation>
    </message>
    <message>
        <source>Local derivative of {sign}</source>
        <translation>국소 미분: {sign}</translation>
    </message>
</context>
<context>
    <name>StepChart</name>
    <message>
        <source>Click a stair, or move with the arrow keys, to set this value.</source>
        <translation>계단을 클릭하거나 화살표 키로 옮기면 이 값이 바뀝니다.</translation>
    </message>
    <message>
        <source>The picture decides this value. Point at a stair, or move with the arrow keys, to read it.</source>
        <translation>이 값은 그림이 정합니다. 계단을 가리키거나 화살표 키로 옮겨 값을 읽습니다.</translation>
    </message>
</context>
<context>
    <name>StepFormulas</name>
    <message>
        <source>at the start h₋ = 0</source>
        <translation>처음에는 h₋ = 0</translation>
    </message>
    <message>
        <source>all</source>
        <translation>모두</translation>
    </message>
    <message>
        <source>fold</source>
        <translation>접기</translation>
    </message>
    <message>
        <source>unfold</source>
        <translation>펼치기</translation>
    </message>
    <message>
        <source>sum</source>
        <translation>합</translation>
    </message>
    <message>
        <source>by hand: {name} =</source>
        <translation>직접 넣은 값: {name} =</translation>
    </message>
    <message>
        <source>rounding {value}</source>
        <translation>반올림 {value}</translation>
    </message>
    <message>
        <source>The projection keeps {count} numbers, h[1] to h[{count}]. This unit goes into each of them.</source>
        <translation>투영은 h[1]부터 h[{count}]까지 {count}개의 값만 남깁니다. 이 단위는 그 모두에 들어갑니다.</translation>
    </message>
    <message>
        <source>Computed with {name} as it was set by hand. The maps and the other pages keep torch&apos;s own numbers.</source>
        <translation>직접 넣은 {name} 값으로 다시 계산한 수입니다. 게이트 그림과 다른 페이지에는 torch가 계산한 값이 그대로 있습니다.</translation>
    </message>
    <message>
        <source>torch says {name} = {torch}, the terms come to {value}: difference {difference}</source>
        <translation>torch의 {name} = {torch}, 항을 더한 값 {value}: 차이 {difference}</translation>
    </message>
    <message>
        <source>The numbers are no longer finite.</source>
        <translation>수가 더 이상 유한하지 않습니다.</translation>
    </message>
    <message>
        <source>agrees with torch to the last bit</source>
        <translation>torch와 마지막 비트까지 일치</translation>
    </message>
    <message>
        <source>agrees with torch (difference at most {difference})</source>
        <translation>torch와 일치 (차이 {difference} 이하)</translation>
    </message>
</context>
<context>
    <name>StepPlayer</name>
    <message>
        <source>From the beginning</source>
        <translation>처음부터</translation>
    </message>
    <message>
        <source>Pause (Space)</source>
        <translation>일시정지 (Space)</translation>
    </message>
    <message>
        <source>Play (Space)</source>
        <translation>시작 (Space)</translation>
    </message>
    <message>
        <source>One step</source>
        <translation>한 단계</translation>
    </message>
    <message>
        <source>Steps</source>
        <translation>단계 수</translation>
    </message>
</context>
<context>
    <name>SumLines</name>
    <message>
        <source>torch: …</source>
        <translation>torch: …</translation>
    </message>
    <message>
        <source>agrees with torch: {value}</source>
        <translation>torch와 일치: {value}</translation>
    </message>
    <message>
        <source>torch says {value}</source>
        <translation>torch의 값 {value}</translation>
    </message>
    <message>
        <source>agrees with torch but for rounding: {value}</source>
        <translation>torch와 일치(반올림 차이): {value}</translation>
    </message>
    <message>
        <source>torch&apos;s float32 less the exact sum: {difference}
rounding of its steps can make up to: {bound}</source>
        <translation>torch의 float32에서 정확한 합을 뺀 값: {difference}
단계마다 반올림하여 생길 수 있는 차이의 한계: {bound}</translation>
    </message>
    <message>
        <source>rounding {value}</source>
        <translation>반올림 {value}</translation>
    </message>
    <message>
        <source>… ({count} more)</source>
        <translation>… (외 {count}개)</translation>
    </message>
</context>
<context>
    <name>SurfaceFormula</name>
    <message>
        <source>Height of the surface, of x and y</source>
        <translation>곡면의 높이 (x와 y의 수식)</translation>
    </message>
    <message>
        <source>For example x**2 / 8 + y**2 + sin(2*x); also exp, log, sqrt, cos, abs, tanh</source>
        <translation>예: x**2 / 8 + y**2 + sin(2*x). exp, log, sqrt, cos, abs, tanh도 쓸 수 있습니다.</translation>
    </message>
</context>
<context>
    <name>SweptRows</name>
    <message>
        <source>None</source>
        <translation>없음</translation>
    </message>
    <message>
        <source>Drawn from this range</source>
        <translation>이 범위에서 뽑습니다</translation>
    </message>
    <message>
        <source>From</source>
        <translation>시작</translation>
    </message>
    <message>
        <source>To</source>
        <translation>끝</translation>
    </message>
    <message>
        <source>Values</source>
        <translation>값의 수</translation>
    </message>
</context>
<context>
    <name>TableCard</name>
    <message>
        <source>Columns: those with a mark are read</source>
        <translation>열: 표시한 열을 입력으로 씁니다</translation>
    </message>
    <message>
        <source>Columns of the table</source>
        <translation>표의 열</translation>
    </message>
    <message>
        <source>First rows of the table</source>
        <translation>표의 첫 행들</translation>
    </message>
    <message>
        <source>First rows</source>
        <translation>첫 행들</translation>
    </message>
    <message>
        <source>Table: {rows} rows, {columns} columns</source>
        <translation>표: {rows}행, {columns}열</translation>
    </message>
    <message>
        <source>what is usually meant</source>
        <translation>알맞은 열</translation>
    </message>
    <message>
        <source>{name} (usual)</source>
        <translation>{name} (자동)</translation>
    </message>
    <message>
        <source>classes</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>a number</source>
        <translation>수</translation>
    </message>
    <message>
        <source>what suits it</source>
        <translation>알맞은 것</translation>
    </message>
    <message>
        <source>{kind} (suits it)</source>
        <translation>{kind} (자동)</translation>
    </message>
</context>
<context>
    <name>TakeAlong</name>
    <message>
        <source>Train this network</source>
        <translation>이 신경망 학습하기</translation>
    </message>
    <message>
        <source>There are no data for inputs of {shape} and outputs of {outputs}.</source>
        <translation>입력 {shape}, 출력 {outputs}에 맞는 데이터가 없습니다.</translation>
    </message>
    <message>
        <source>With an input of {shape} and {outputs} outputs it can be trained on: {data}. Here it stays as it is.</source>
        <translation>입력을 {shape}, 출력을 {outputs}개로 바꾸면 학습할 수 있습니다. 데이터: {data}. 이 실험실의 신경망은 그대로 둡니다.</translation>
    </message>
    <message>
        <source>Train on {data}</source>
        <translation>{data} 데이터로 학습</translation>
    </message>
    <message>
        <source>No data have such an input.</source>
        <translation>입력 형상이 이런 데이터가 없습니다.</translation>
    </message>
    <message>
        <source>On {data}: {why}</source>
        <translation>{data}: {why}</translation>
    </message>
    <message>
        <source>Copied: the network as PyTorch code</source>
        <translation>PyTorch 코드로 복사했습니다.</translation>
    </message>
    <message>
        <source>Copied: the table of {network}</source>
        <translation>표를 복사했습니다: {network}</translation>
    </message>
    <message>
        <source>Networks (*.toml)</source>
        <translation>신경망 (*.toml)</translation>
    </message>
    <message>
        <source>Save the network</source>
        <translation>신경망 저장</translation>
    </message>
</context>
<context>
    <name>TaskRows</name>
    <message>
        <source>Length T</source>
        <translation>길이 T</translation>
    </message>
    <message>
        <source>Open a text</source>
        <translation>글 열기</translation>
    </message>
    <message>
        <source>Open a series</source>
        <translation>시계열 열기</translation>
    </message>
    <message>
        <source>Texts and tables ({patterns})</source>
        <translation>글과 표 ({patterns})</translation>
    </message>
    <message>
        <source>All files (*)</source>
        <translation>모든 파일 (*)</translation>
    </message>
    <message>
        <source>Open...</source>
        <translation>열기...</translation>
    </message>
    <message>
        <source>Open a file of your own</source>
        <translation>내 파일 열기</translation>
    </message>
    <message>
        <source>Take what comes along again</source>
        <translation>프로그램에 든 것으로 되돌리기</translation>
    </message>
    <message>
        <source>the first one of numbers</source>
        <comment>column of a table</comment>
        <translation>첫 숫자 열</translation>
    </message>
    <message>
        <source>{column} (found by itself)</source>
        <comment>column of a table</comment>
        <translation>{column} (자동 선택)</translation>
    </message>
</context>
<context>
    <name>TemperaturePage</name>
    <message>
        <source>temperature T</source>
        <translation>온도 T</translation>
    </message>
    <message>
        <source>at T = 1</source>
        <translation>T = 1일 때</translation>
    </message>
    <message>
        <source>class</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>score x</source>
        <translation>점수 x</translation>
    </message>
    <message>
        <source>p at T = 1</source>
        <translation>p (T = 1)</translation>
    </message>
    <message>
        <source>p at T</source>
        <translation>p (지금 T)</translation>
    </message>
    <message>
        <source>entropy</source>
        <translation>엔트로피</translation>
    </message>
    <message>
        <source>{name} = {now}, at T = 1: {plain}</source>
        <translation>{name} = {now}, T = 1이면 {plain}</translation>
    </message>
    <message>
        <source>at most ln {count} = {value}</source>
        <translation>최대 ln {count} = {value}</translation>
    </message>
    <message>
        <source>Largest: {name}</source>
        <translation>가장 큰 값: {name}</translation>
    </message>
    <message>
        <source>Entropy</source>
        <translation>엔트로피</translation>
    </message>
    <message>
        <source>As unsure as among</source>
        <translation>헷갈리는 클래스 수</translation>
    </message>
    <message>
        <source>equal classes</source>
        <translation>확률이 같다고 볼 때</translation>
    </message>
</context>
<context>
    <name>TensorPage</name>
    <message>
        <source>Batch N</source>
        <translation>배치 N</translation>
    </message>
    <message>
        <source>Channel c</source>
        <translation>채널 c</translation>
    </message>
    <message>
        <source>Pictures of the batch in memory</source>
        <translation>메모리에 놓인 배치의 그림들</translation>
    </message>
    <message>
        <source>PyTorch: one channel after another</source>
        <translation>PyTorch: 채널 순서로 이어집니다</translation>
    </message>
    <message>
        <source>Image files, TensorFlow: one pixel after another</source>
        <translation>그림 파일, TensorFlow: 픽셀 순서로 이어집니다</translation>
    </message>
    <message>
        <source>index = {formula}</source>
        <translation>인덱스 = {formula}</translation>
    </message>
    <message>
        <source>Each number is a float32, {bytes} bytes.</source>
        <translation>숫자 하나는 float32이고 {bytes}바이트입니다.</translation>
    </message>
    <message>
        <source>{count} numbers × {bytes} bytes = {size}</source>
        <translation>숫자 {count}개 × {bytes}바이트 = {size}</translation>
    </message>
    <message>
        <source>This is the whole picture. A 1-d layer reads one row of it, as (N, C, L).</source>
        <translation>그림 전체의 텐서입니다. 1차원 층은 그중 한 행을 (N, C, L)로 읽습니다.</translation>
    </message>
    <message>
        <source>This is one picture. A 3-d layer reads several, one behind the other, as (N, C, D, H, W).</source>
        <translation>그림 한 장의 텐서입니다. 3차원 층은 여러 장을 이어 (N, C, D, H, W)로 읽습니다.</translation>
    </message>
    <message>
        <source>A batch is several pictures in one tensor. Raise N to see where they lie.</source>
        <translation>배치는 그림 여러 장을 담은 텐서입니다. N을 늘리면 놓이는 자리가 보입니다.</translation>
    </message>
    <message>
        <source>The pictures follow each other in memory. Picture n = {n} begins at index {start}.</source>
        <translation>그림은 메모리에 차례로 놓입니다. n = {n} 그림의 시작 인덱스: {start}</translation>
    </message>
</context>
<context>
    <name>TermRows</name>
    <message>
        <source>{count} more</source>
        <translation>외 {count}개</translation>
    </message>
    <message>
        <source>rounding</source>
        <translation>반올림</translation>
    </message>
</context>
<context>
    <name>TermsDialog</name>
    <message>
        <source>Sum over channel {name}</source>
        <translation>채널 {name}의 합</translation>
    </message>
    <message>
        <source>Largest of channel {name}</source>
        <translation>채널 {name}의 최댓값</translation>
    </message>
    <message>
        <source>Sum of the products</source>
        <translation>곱의 합</translation>
    </message>
    <message>
        <source>Sum over frame {name}</source>
        <translation>프레임 {name}의 합</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>편향</translation>
    </message>
    <message>
        <source>The largest</source>
        <translation>최댓값</translation>
    </message>
    <message>
        <source>Sum divided by {count}</source>
        <translation>합 ÷ {count}</translation>
    </message>
    <message>
        <source>Sum of all</source>
        <translation>모두 더한 값</translation>
    </message>
    <message>
        <source>rounded once to float32</source>
        <translation>한 번만 float32로 반올림</translation>
    </message>
    <message>
        <source>torch&apos;s float32 less the exact sum</source>
        <translation>torch의 float32 − 정확한 합</translation>
    </message>
    <message>
        <source>padding</source>
        <translation>패딩</translation>
    </message>
    <message>
        <source>Map {number}, cell ({row}, {column}) = {value}</source>
        <translation>맵 {number}, 칸 ({row}, {column}) = {value}</translation>
    </message>
    <message>
        <source>The arithmetic of one cell</source>
        <translation>한 칸의 계산</translation>
    </message>
    <message>
        <source>Rounded</source>
        <translation>반올림</translation>
    </message>
    <message>
        <source>All digits</source>
        <translation>모든 자리</translation>
    </message>
    <message>
        <source>Digits</source>
        <translation>자릿수</translation>
    </message>
    <message>
        <source>Copy as text</source>
        <translation>텍스트로 복사</translation>
    </message>
    <message>
        <source>Every number is a float32; its decimals, and those of products and sums, come to an end. They are exact.</source>
        <translation>입력과 가중치는 float32입니다. 그 수와 곱, 합은 모두 유한소수라서 모든 자리를 정확하게 적을 수 있습니다.</translation>
    </message>
    <message>
        <source>Input cell</source>
        <translation>입력 칸</translation>
    </message>
    <message>
        <source>Value</source>
        <translation>값</translation>
    </message>
    <message>
        <source>Weight</source>
        <translation>가중치</translation>
    </message>
    <message>
        <source>Product</source>
        <translation>곱</translation>
    </message>
</context>
<context>
    <name>TermsPage</name>
    <message>
        <source>Pictures</source>
        <translation>그림</translation>
    </message>
</context>
<context>
    <name>TextSamples</name>
    <message>
        <source>Sample {number}</source>
        <translation>표본 {number}</translation>
    </message>
    <message>
        <source>reads {read}
answers {answer}</source>
        <translation>읽기 {read}
정답 {answer}</translation>
    </message>
</context>
<context>
    <name>TextView</name>
    <message>
        <source>Perplexity {one}, of all validation texts {all}; {count} would be pure guessing</source>
        <translation>혼란도 {one}, 검증 글 전체 {all} (무작위 추측이면 {count})</translation>
    </message>
    <message>
        <source>Perplexity {one}, of all {all}; guessing {count}</source>
        <translation>혼란도 {one}, 전체 {all} (무작위 추측 {count})</translation>
    </message>
    <message>
        <source>Perplexity {one}</source>
        <translation>혼란도 {one}</translation>
    </message>
    <message>
        <source>Among how many characters the network hesitates: exp of the mean of −ln p(true character).</source>
        <translation>신경망이 글자 몇 개 사이에서 망설이는지: −ln p(정답 글자)의 평균을 exp에 넣은 값</translation>
    </message>
    <message>
        <source>What comes after “{before}”?</source>
        <translation>“{before}” 다음 글자는?</translation>
    </message>
    <message>
        <source>True: “{character}”, {share}</source>
        <translation>정답: “{character}”, {share}</translation>
    </message>
    <message>
        <source>This is the beginning that was given; the network writes after it.</source>
        <translation>여기는 주어진 첫머리이고, 신경망은 그다음부터 씁니다.</translation>
    </message>
    <message>
        <source>Drawn after “{before}”:</source>
        <translation>“{before}” 다음에 뽑힌 글자</translation>
    </message>
    <message>
        <source>Drawn: “{character}”, {share} before temperature and top-k, {used} with them</source>
        <translation>뽑힌 글자: “{character}”, 온도와 top-k를 쓰기 전 {share}, 쓴 뒤 {used}</translation>
    </message>
    <message>
        <source>other {count}</source>
        <translation>나머지 {count}개</translation>
    </message>
    <message>
        <source>A validation text (the deeper the ground, the surer the network was of the character)</source>
        <translation>검증 글 (바탕이 짙을수록 신경망이 그 글자를 확신했습니다)</translation>
    </message>
    <message>
        <source>Written by the network</source>
        <translation>신경망이 쓴 글</translation>
    </message>
    <message>
        <source>Characters of the sample</source>
        <translation>표본의 글자</translation>
    </message>
    <message>
        <source>Characters that the network has written</source>
        <translation>신경망이 쓴 글자</translation>
    </message>
    <message>
        <source>Probabilities of the next character</source>
        <translation>다음 글자의 확률</translation>
    </message>
    <message>
        <source>Beginning</source>
        <translation>첫머리</translation>
    </message>
    <message>
        <source>The network reads this and goes on. Empty: the beginning of the validation text.</source>
        <translation>신경망이 이것을 읽고 이어 씁니다. 비우면 검증 글의 첫머리를 씁니다.</translation>
    </message>
    <message>
        <source>Again</source>
        <translation>다시</translation>
    </message>
    <message>
        <source>Another text, drawn with the next seed</source>
        <translation>다음 시드로 다시 쓰기</translation>
    </message>
    <message>
        <source>Temperature</source>
        <translation>온도</translation>
    </message>
    <message>
        <source>Probabilities to the power of 1 / temperature. 0 always takes the likeliest character, above 1 is bolder.</source>
        <translation>확률의 1/온도 제곱을 씁니다. 0이면 늘 가장 그럴듯한 글자를 고르고, 1보다 크면 더 과감해집니다.</translation>
    </message>
    <message>
        <source>Draw from so many likeliest characters only</source>
        <translation>가장 그럴듯한 글자 k개 가운데서만 뽑습니다</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>The same seed draws the same text from the same network</source>
        <translation>같은 신경망에 같은 시드를 쓰면 같은 글이 나옵니다</translation>
    </message>
    <message>
        <source>Top-k</source>
        <translation>상위 k개</translation>
    </message>
</context>
<context>
    <name>TimelineCard</name>
    <message>
        <source>Now: iteration {step}</source>
        <translation>지금: 반복 {step}</translation>
    </message>
    <message>
        <source>Iteration {step} · moment {number}/{count}</source>
        <translation>반복 {step} · 순간 {number}/{count}</translation>
    </message>
    <message>
        <source>Iteration {step} · {number}/{count}</source>
        <translation>반복 {step} · {number}/{count}</translation>
    </message>
    <message>
        <source>{count} moments, {used} of {budget} MB</source>
        <translation>순간 {count}개, {used} / {budget} MB</translation>
    </message>
    <message>
        <source>The weights are kept at up to 200 moments, evenly on a logarithmic scale of iterations: most at the beginning.</source>
        <translation>가중치를 최대 200개의 순간에 저장합니다. 반복 수의 로그 눈금에서 간격이 고르므로 학습 초반에 순간이 가장 많습니다.</translation>
    </message>
    <message>
        <source>This network is large: the memory has room for fewer than 200 moments.</source>
        <translation>신경망이 커서 정해진 메모리에 순간을 200개까지 저장할 수 없습니다.</translation>
    </message>
    <message>
        <source>Nothing yet</source>
        <translation>아직 없음</translation>
    </message>
    <message>
        <source>No moments are kept</source>
        <translation>순간을 저장하지 않음</translation>
    </message>
    <message>
        <source>Too large: {size} MB a moment</source>
        <translation>순간 하나가 너무 큼: {size} MB</translation>
    </message>
    <message>
        <source>No moments were kept</source>
        <translation>저장된 순간 없음</translation>
    </message>
    <message>
        <source>This run has no timeline.</source>
        <translation>시간 여행을 할 수 없는 실행입니다.</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>시간 여행</translation>
    </message>
    <message>
        <source>Moment of the run</source>
        <translation>실행의 순간</translation>
    </message>
    <message>
        <source>Everything above shows the network as it was at this moment (←, →, Home, End; Esc: now)</source>
        <translation>위의 모든 화면이 이 순간의 신경망을 보여 줍니다(←, →, Home, End. Esc: 지금으로)</translation>
    </message>
    <message>
        <source>Now</source>
        <comment>timeline</comment>
        <translation>지금으로</translation>
    </message>
    <message>
        <source>Back to the network as it is now (Esc)</source>
        <translation>지금의 신경망으로 돌아가기(Esc)</translation>
    </message>
    <message>
        <source>Go on from here</source>
        <translation>여기서 이어 가기</translation>
    </message>
    <message>
        <source>The small pictures are its answers in the plane, in the colours of the classes.</source>
        <translation>작은 그림은 그 순간 신경망이 평면의 곳곳에 내놓은 답을 클래스의 색으로 나타낸 것입니다.</translation>
    </message>
    <message>
        <source>Stop the replay</source>
        <translation>다시 보기 멈추기</translation>
    </message>
    <message>
        <source>Replay the learning</source>
        <translation>학습 과정 다시 보기</translation>
    </message>
    <message>
        <source>Moments come with a run.</source>
        <translation>학습하는 동안 순간이 쌓입니다.</translation>
    </message>
    <message>
        <source>A new run that begins with this moment, with what may be changed in mid-run as it is set at the left: the learning rate, say. This run stays as it is</source>
        <translation>이 순간에서 시작하는 새 실행. 학습률처럼 실행 중에 바꿀 수 있는 설정은 왼쪽의 값을 쓰고, 이 실행은 그대로 남습니다</translation>
    </message>
    <message>
        <source>A new run that begins with this moment, with this run&apos;s own settings: those at the left are another experiment&apos;s. This run stays as it is</source>
        <translation>이 순간에서 시작하는 새 실행. 왼쪽은 다른 실험의 설정이므로 이 실행의 설정을 쓰고, 이 실행은 그대로 남습니다</translation>
    </message>
    <message>
        <source>The small pictures are its weights {name}: blue below 0, red above.</source>
        <translation>작은 그림은 가중치 {name}입니다: 0보다 작으면 파랑, 크면 빨강.</translation>
    </message>
</context>
<context>
    <name>TopicBoard</name>
    <message>
        <source>Topics</source>
        <translation>주제</translation>
    </message>
</context>
<context>
    <name>TouchedPage</name>
    <message>
        <source>tangent</source>
        <translation>접선</translation>
    </message>
    <message>
        <source>largest f′</source>
        <translation>최대 f′</translation>
    </message>
    <message>
        <source>largest: {value}</source>
        <translation>최대: {value}</translation>
    </message>
    <message>
        <source>{name}: f(x)</source>
        <translation>{name}: f(x)</translation>
    </message>
    <message>
        <source>Derivative f′(x)</source>
        <translation>미분 f′(x)</translation>
    </message>
    <message>
        <source>Tangent</source>
        <translation>접선</translation>
    </message>
</context>
<context>
    <name>Tour</name>
    <message>
        <source>Finish</source>
        <translation>마치기</translation>
    </message>
    <message>
        <source>Next</source>
        <translation>다음</translation>
    </message>
    <message>
        <source>Skip</source>
        <translation>건너뛰기</translation>
    </message>
    <message>
        <source>End the tour</source>
        <translation>둘러보기 끝내기</translation>
    </message>
</context>
<context>
    <name>TourOffer</name>
    <message>
        <source>No, thanks</source>
        <translation>둘러보지 않기</translation>
    </message>
</context>
<context>
    <name>TrainedPage</name>
    <message>
        <source>Own points are at most {most}: choose fewer to edit them.</source>
        <translation>직접 찍은 점은 {most}개까지입니다. 개수를 줄이면 고칠 수 있습니다.</translation>
    </message>
    <message>
        <source>Click: add a point. Drag: move. Right click or Delete: remove.</source>
        <translation>클릭: 점 추가. 끌기: 옮기기. 오른쪽 클릭이나 Delete: 지우기.</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>step {step}</source>
        <translation>{step}단계</translation>
    </message>
    <message>
        <source>step {step}, epoch {epoch}</source>
        <translation>{step}단계, {epoch}에폭</translation>
    </message>
    <message>
        <source>class {number}: {share}</source>
        <translation>클래스 {number}: {share}</translation>
    </message>
    <message>
        <source>Loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>New</source>
        <translation>새로</translation>
    </message>
    <message>
        <source>Other points of the same kind</source>
        <translation>같은 종류의 다른 점</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>비우기</translation>
    </message>
    <message>
        <source>An empty plane for points of your own</source>
        <translation>직접 점을 찍을 빈 평면</translation>
    </message>
    <message>
        <source>{right} of {total} points</source>
        <translation>{total}개 중 {right}개</translation>
    </message>
    <message>
        <source>Accuracy</source>
        <translation>정확도</translation>
    </message>
    <message>
        <source>▶ or Space: train</source>
        <translation>▶ 또는 Space: 학습 시작</translation>
    </message>
</context>
<context>
    <name>TrainingActions</name>
    <message>
        <source>Open in the sequence lab</source>
        <translation>순환 신경망 실험실에서 열기</translation>
    </message>
    <message>
        <source>MLP against CNN...</source>
        <translation>MLP와 CNN 비교...</translation>
    </message>
    <message>
        <source>Own pictures...</source>
        <translation>내 그림...</translation>
    </message>
    <message>
        <source>Own table...</source>
        <translation>내 표...</translation>
    </message>
    <message>
        <source>Own text...</source>
        <translation>내 글...</translation>
    </message>
    <message>
        <source>Draw a data set...</source>
        <translation>데이터 그리기...</translation>
    </message>
</context>
<context>
    <name>TrainingLab</name>
    <message>
        <source>The sample cannot be taken along: {error}</source>
        <translation>표본을 가져갈 수 없습니다: {error}</translation>
    </message>
    <message>
        <source>This run</source>
        <translation>이 실행</translation>
    </message>
</context>
<context>
    <name>TrainingViews</name>
    <message>
        <source>View of the lab</source>
        <translation>실험실의 화면</translation>
    </message>
</context>
<context>
    <name>TroubleCard</name>
    <message>
        <source>These data cannot be had</source>
        <translation>데이터를 읽을 수 없습니다</translation>
    </message>
    <message>
        <source>Files that take no part: {count}</source>
        <translation>쓰지 않는 파일: {count}개</translation>
    </message>
    <message>
        <source>Choose again...</source>
        <translation>다시 고르기...</translation>
    </message>
    <message>
        <source>Show {count} more</source>
        <translation>{count}개 더 보기</translation>
    </message>
</context>
<context>
    <name>TryBoard</name>
    <message>
        <source>Draw here</source>
        <translation>여기에 그리기</translation>
    </message>
    <message>
        <source>Paper to draw on</source>
        <translation>그림을 그리는 종이</translation>
    </message>
    <message>
        <source>What the network gets</source>
        <translation>신경망이 받는 그림</translation>
    </message>
    <message>
        <source>Answers for all classes</source>
        <translation>모든 클래스에 대한 답</translation>
    </message>
    <message>
        <source>Feature maps of each layer</source>
        <translation>층마다의 특징 맵</translation>
    </message>
    <message>
        <source>Saliency</source>
        <translation>현저성</translation>
    </message>
    <message>
        <source>What the answer hangs on: how much the output of the marked class changes with each pixel, as the size of its gradient. Choose another class among the bars.</source>
        <translation>현저성 맵(saliency): 픽셀마다 표시한 클래스의 출력이 얼마나 변하는지를 기울기의 크기로 보여 줍니다. 막대에서 다른 클래스를 고를 수 있습니다.</translation>
    </message>
    <message>
        <source>Like the data</source>
        <translation>데이터처럼 맞추기</translation>
    </message>
    <message>
        <source>Cut to its ink, scaled and centred as the pictures were that the network has learnt from</source>
        <translation>신경망이 학습한 그림처럼 글자만 잘라 크기를 맞추고 가운데에 놓습니다</translation>
    </message>
    <message>
        <source>Clear</source>
        <translation>지우기</translation>
    </message>
    <message>
        <source>Clear the paper</source>
        <translation>종이를 비웁니다</translation>
    </message>
    <message>
        <source>Open...</source>
        <translation>열기...</translation>
    </message>
    <message>
        <source>A picture of your own, from a file</source>
        <translation>파일에서 내 그림을 엽니다</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>붙여넣기</translation>
    </message>
    <message>
        <source>A picture from the clipboard</source>
        <translation>클립보드의 그림을 가져옵니다</translation>
    </message>
    <message>
        <source>Next sample</source>
        <translation>다음 표본</translation>
    </message>
    <message>
        <source>The next sample of the validation set</source>
        <translation>검증 데이터의 다음 표본</translation>
    </message>
    <message>
        <source>Rotate</source>
        <translation>회전</translation>
    </message>
    <message>
        <source>Degrees, clockwise</source>
        <translation>도, 시계 방향</translation>
    </message>
    <message>
        <source>Shift →</source>
        <translation>이동 →</translation>
    </message>
    <message>
        <source>Pixels of the network&apos;s input, to the right</source>
        <translation>신경망 입력의 픽셀, 오른쪽으로</translation>
    </message>
    <message>
        <source>Shift ↓</source>
        <translation>이동 ↓</translation>
    </message>
    <message>
        <source>Pixels of the network&apos;s input, downwards</source>
        <translation>신경망 입력의 픽셀, 아래쪽으로</translation>
    </message>
    <message>
        <source>Scale</source>
        <translation>크기</translation>
    </message>
    <message>
        <source>2 is twice as large</source>
        <translation>2는 두 배 크기</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>원래대로</translation>
    </message>
    <message>
        <source>Neither turned, shifted nor scaled</source>
        <translation>회전, 이동, 크기 변화를 모두 없앱니다</translation>
    </message>
    <message>
        <source>MLP against CNN...</source>
        <translation>MLP와 CNN 비교...</translation>
    </message>
    <message>
        <source>How well two trained networks bear shifted and turned pictures, as curves</source>
        <translation>학습된 두 신경망이 옮기거나 돌린 그림을 얼마나 잘 맞히는지 곡선으로 비교합니다</translation>
    </message>
    <message>
        <source>Network input</source>
        <translation>신경망 입력</translation>
    </message>
    <message>
        <source>Network input · colour: saliency</source>
        <translation>신경망 입력 · 색: 현저성</translation>
    </message>
</context>
<context>
    <name>TryPage</name>
    <message>
        <source>Try it</source>
        <translation>직접 해 보기</translation>
    </message>
    <message>
        <source>Try</source>
        <comment>choice of pages</comment>
        <translation>해 보기</translation>
    </message>
    <message>
        <source>Once a run has begun, its network can be tried here on pictures of your own.</source>
        <translation>실행을 시작하면 내 그림으로 신경망을 시험해 볼 수 있습니다.</translation>
    </message>
    <message>
        <source>No network to ask yet</source>
        <translation>아직 물어볼 신경망이 없습니다</translation>
    </message>
    <message>
        <source>The answers are no longer finite numbers.</source>
        <translation>답이 더 이상 유한한 수가 아닙니다.</translation>
    </message>
    <message>
        <source>Answer: {name} ({certainty})</source>
        <translation>답: {name} ({certainty})</translation>
    </message>
    <message>
        <source>true: {name}</source>
        <translation>정답: {name}</translation>
    </message>
    <message>
        <source>{size}, values from 0 to 1</source>
        <translation>{size}, 값은 0~1</translation>
    </message>
    <message>
        <source>Validation sample {number}</source>
        <translation>검증 표본 {number}</translation>
    </message>
    <message>
        <source>Drawing</source>
        <translation>그린 그림</translation>
    </message>
    <message>
        <source>cut to the input&apos;s proportions and scaled</source>
        <translation>입력의 비율로 잘라 크기를 맞춤</translation>
    </message>
    <message>
        <source>cut to its ink, longer side {side} pixels, centre of mass in the middle</source>
        <translation>글자만 잘라 긴 변을 {side}픽셀로, 무게중심을 가운데로</translation>
    </message>
    <message>
        <source>cut to its ink, longer side {side} pixels, in the middle</source>
        <translation>글자만 잘라 긴 변을 {side}픽셀로, 가운데로</translation>
    </message>
    <message>
        <source>dark and light exchanged</source>
        <translation>밝기 반전</translation>
    </message>
</context>
<context>
    <name>TwicePage</name>
    <message>
        <source>floor ln(1 + {others}/e) = {value}</source>
        <translation>하한 ln(1 + {others}/e) = {value}</translation>
    </message>
    <message>
        <source>softmax once</source>
        <translation>소프트맥스 한 번</translation>
    </message>
    <message>
        <source>softmax twice</source>
        <translation>소프트맥스 두 번</translation>
    </message>
    <message>
        <source>lead of the true class</source>
        <translation>정답 클래스의 점수 차</translation>
    </message>
    <message>
        <source>lead of the true class&apos;s score</source>
        <translation>정답 클래스의 점수 차</translation>
    </message>
    <message>
        <source>loss</source>
        <translation>손실</translation>
    </message>
    <message>
        <source>pull of the gradient</source>
        <translation>기울기의 크기</translation>
    </message>
    <message>
        <source>score</source>
        <translation>점수</translation>
    </message>
    <message>
        <source>softmax</source>
        <translation>소프트맥스</translation>
    </message>
    <message>
        <source>softmax again</source>
        <translation>소프트맥스 다시</translation>
    </message>
    <message>
        <source>at best</source>
        <translation>가장 좋을 때</translation>
    </message>
    <message>
        <source>true class</source>
        <translation>정답 클래스</translation>
    </message>
    <message>
        <source>each other</source>
        <translation>나머지 각각</translation>
    </message>
    <message>
        <source>Loss, softmax twice</source>
        <translation>소프트맥스 두 번의 손실</translation>
    </message>
    <message>
        <source>once: {value}</source>
        <translation>한 번: {value}</translation>
    </message>
    <message>
        <source>Floor ln(1 + {others}/e)</source>
        <translation>하한 ln(1 + {others}/e)</translation>
    </message>
    <message>
        <source>Gradient by the lead</source>
        <translation>점수 차에 대한 기울기</translation>
    </message>
</context>
<context>
    <name>TwoLayersPage</name>
    <message>
        <source>the input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>right</source>
        <translation>맞음</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>틀림</translation>
    </message>
    <message>
        <source>{count} of 4 right; {places} different points in the hidden plane</source>
        <translation>4개 중 {count}개 맞음. 은닉 평면에서 서로 다른 점: {places}개</translation>
    </message>
    <message>
        <source>Hidden units</source>
        <translation>은닉 단위</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>three units of 3</source>
        <translation>단위 셋 × 3</translation>
    </message>
    <message>
        <source>{count} of 4</source>
        <translation>{count} / 4</translation>
    </message>
    <message>
        <source>corners right</source>
        <translation>맞은 꼭짓점</translation>
    </message>
    <message>
        <source>The plane of the inputs</source>
        <translation>입력 평면</translation>
    </message>
    <message>
        <source>The plane of the hidden units</source>
        <translation>은닉 평면</translation>
    </message>
    <message>
        <source>The network</source>
        <translation>신경망</translation>
    </message>
    <message>
        <source>Truth table</source>
        <translation>진리표</translation>
    </message>
</context>
<context>
    <name>UnitBars</name>
    <message>
        <source>{count} units from {low} to {high}</source>
        <translation>단위 {count}개, {low}부터 {high}까지</translation>
    </message>
    <message>
        <source>, {count} not finite</source>
        <translation>, 유한하지 않은 값 {count}개</translation>
    </message>
</context>
<context>
    <name>UnitChoice</name>
    <message>
        <source>Function</source>
        <translation>함수</translation>
    </message>
    <message>
        <source>The function that is touched at x</source>
        <translation>x에서 접선을 그을 함수</translation>
    </message>
    <message>
        <source>Drawn beside it</source>
        <translation>함께 그릴 함수</translation>
    </message>
</context>
<context>
    <name>UnitPage</name>
    <message>
        <source>weights (w₁, w₂)</source>
        <translation>가중치 (w₁, w₂)</translation>
    </message>
    <message>
        <source>the line</source>
        <translation>직선</translation>
    </message>
    <message>
        <source>the input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>right</source>
        <translation>맞음</translation>
    </message>
    <message>
        <source>wrong</source>
        <translation>틀림</translation>
    </message>
    <message>
        <source>{count} of 4 right</source>
        <translation>4개 중 {count}개 맞음</translation>
    </message>
    <message>
        <source>{count} of 4 right. One line is right at 3 corners at most.</source>
        <translation>4개 중 {count}개 맞음. 직선 하나로는 꼭짓점 3개까지만 맞습니다.</translation>
    </message>
    <message>
        <source>Sum</source>
        <translation>합</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
    <message>
        <source>the sum is above 0</source>
        <translation>합이 0보다 큼</translation>
    </message>
    <message>
        <source>the sum is not above 0</source>
        <translation>합이 0보다 크지 않음</translation>
    </message>
    <message>
        <source>Threshold</source>
        <translation>임계값</translation>
    </message>
    <message>
        <source>w₁x₁ + w₂x₂ must be above it</source>
        <translation>w₁x₁ + w₂x₂가 넘어야 할 값</translation>
    </message>
    <message>
        <source>{count} of 4</source>
        <translation>{count} / 4</translation>
    </message>
    <message>
        <source>corners right</source>
        <translation>맞은 꼭짓점</translation>
    </message>
    <message>
        <source>Correct one corner</source>
        <translation>꼭짓점 하나 고치기</translation>
    </message>
    <message>
        <source>The perceptron rule: w + rate · (t − y) · x for the first corner that is wrong.</source>
        <translation>퍼셉트론 규칙: 틀린 첫 꼭짓점에 대해 w + 학습률 · (t − y) · x로 고칩니다.</translation>
    </message>
    <message>
        <source>The plane of the inputs</source>
        <translation>입력 평면</translation>
    </message>
    <message>
        <source>The unit</source>
        <translation>단위</translation>
    </message>
    <message>
        <source>Truth table</source>
        <translation>진리표</translation>
    </message>
</context>
<context>
    <name>UnitSquares</name>
    <message>
        <source>Units of the layer</source>
        <translation>층의 단위</translation>
    </message>
    <message>
        <source>{dead} of {units} units answer 0 to every sample</source>
        <translation>단위 {units}개 중 {dead}개가 모든 표본에 0을 냅니다</translation>
    </message>
    <message>
        <source>Unit {unit}: dead. Its largest sum is {sum}.</source>
        <translation>단위 {unit}: 죽었습니다. 가장 큰 합: {sum}</translation>
    </message>
    <message>
        <source>Unit {unit}: above 0 for {fires} of {samples} samples, largest sum {sum}</source>
        <translation>단위 {unit}: 표본 {samples}개 중 {fires}개에서 0보다 큽니다. 가장 큰 합: {sum}</translation>
    </message>
</context>
<context>
    <name>UpdatePage</name>
    <message>
        <source>There is no gradient at the start</source>
        <translation>시작점에 기울기가 없습니다</translation>
    </message>
    <message>
        <source>{rule}, step {step}: from w = ({x}, {y})</source>
        <translation>{rule}, {step}단계: w = ({x}, {y})에서</translation>
    </message>
    <message>
        <source>step</source>
        <translation>단계</translation>
    </message>
    <message>
        <source>height</source>
        <translation>높이</translation>
    </message>
    <message>
        <source>gradient −η·g {length}</source>
        <translation>기울기 −η·g {length}</translation>
    </message>
    <message>
        <source>velocity {length}</source>
        <translation>속도 {length}</translation>
    </message>
    <message>
        <source>step {length}</source>
        <translation>이동 {length}</translation>
    </message>
    <message>
        <source>Arrows: {lengths}.</source>
        <translation>화살표의 길이: {lengths}.</translation>
    </message>
    <message>
        <source>They are drawn {factor} times as long.</source>
        <translation>{factor}배 길이로 그렸습니다.</translation>
    </message>
</context>
<context>
    <name>WallCard</name>
    <message>
        <source>Input channel {number} ({column}) = {value}</source>
        <translation>입력 채널 {number} ({column}) = {value}</translation>
    </message>
    <message>
        <source>Map {number} ({column}) = {value}</source>
        <translation>맵 {number} ({column}) = {value}</translation>
    </message>
    <message>
        <source>Input channel {number} ({row}, {column}) = {value}</source>
        <translation>입력 채널 {number} ({row}, {column}) = {value}</translation>
    </message>
    <message>
        <source>Map {number} ({row}, {column}) = {value}</source>
        <translation>맵 {number} ({row}, {column}) = {value}</translation>
    </message>
    <message>
        <source>dead: {value} everywhere</source>
        <translation>죽은 맵: 모든 칸이 {value}</translation>
    </message>
    <message>
        <source>sum {total} · mean {mean}</source>
        <translation>합 {total} · 평균 {mean}</translation>
    </message>
    <message>
        <source>Map {number}</source>
        <translation>맵 {number}</translation>
    </message>
    <message>
        <source>Pooled maps: {count}, each beside its input channel</source>
        <translation>풀링 결과 {count}개, 왼쪽이 입력 채널</translation>
    </message>
    <message>
        <source>Pooled maps: {count}, each below its input channel</source>
        <translation>풀링 결과 {count}개, 위쪽이 입력 채널</translation>
    </message>
    <message>
        <source>Activation maps: {count}</source>
        <translation>활성화 맵 {count}개</translation>
    </message>
    <message>
        <source>Feature maps: {count}</source>
        <translation>특징 맵 {count}개</translation>
    </message>
    <message>
        <source>Per map</source>
        <translation>맵마다</translation>
    </message>
    <message>
        <source>Shared</source>
        <translation>공통</translation>
    </message>
    <message>
        <source>Colour range</source>
        <translation>색 범위</translation>
    </message>
    <message>
        <source>Colours from each map&apos;s own lowest to highest value, or from the lowest to the highest of all maps</source>
        <translation>맵마다: 그 맵의 가장 작은 값부터 가장 큰 값까지. 공통: 모든 맵을 통틀어 가장 작은 값부터 가장 큰 값까지.</translation>
    </message>
    <message>
        <source>By number</source>
        <translation>번호순</translation>
    </message>
    <message>
        <source>By activity</source>
        <translation>활성도순</translation>
    </message>
    <message>
        <source>Order of the maps</source>
        <translation>맵 순서</translation>
    </message>
    <message>
        <source>By number, or the most active map first: the one with the largest mean absolute value</source>
        <translation>번호순, 또는 절댓값의 평균이 큰 맵부터 보여 줍니다.</translation>
    </message>
    <message>
        <source>Feature maps</source>
        <translation>특징 맵</translation>
    </message>
    <message>
        <source>Activation maps</source>
        <translation>활성화 맵</translation>
    </message>
    <message>
        <source>Which maps are shown</source>
        <translation>보여 줄 맵</translation>
    </message>
    <message>
        <source>Feature maps are what the filters give; activation maps are what the activation function makes of them</source>
        <translation>특징 맵은 필터가 낸 값이고, 활성화 맵은 그 값에 활성화 함수를 적용한 결과입니다.</translation>
    </message>
    <message>
        <source>Copy, save and how the maps are shown</source>
        <translation>복사, 저장, 보기 방식</translation>
    </message>
    <message>
        <source>More</source>
        <translation>더 보기</translation>
    </message>
    <message>
        <source>viridis: the lowest value is dark violet, the highest yellow</source>
        <translation>viridis: 가장 작은 값은 짙은 보라, 가장 큰 값은 노랑입니다.</translation>
    </message>
    <message>
        <source>The maps appear as soon as torch is loaded.</source>
        <translation>torch를 불러오면 특징 맵이 나타납니다.</translation>
    </message>
    <message>
        <source>Dead: this map has the same value everywhere, so it says nothing about the picture.</source>
        <translation>죽은 맵: 모든 칸의 값이 같아서 그림에 대해 알려 주는 것이 없습니다.</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>Output</source>
        <translation>출력</translation>
    </message>
</context>
<context>
    <name>WallMenu</name>
    <message>
        <source>Save the wall of maps</source>
        <translation>맵 그림 저장</translation>
    </message>
    <message>
        <source>Save the maps&apos; numbers</source>
        <translation>맵의 숫자 저장</translation>
    </message>
    <message>
        <source>Feature maps, before the activation</source>
        <translation>특징 맵 (활성화 함수 적용 전)</translation>
    </message>
    <message>
        <source>Activation maps, after it</source>
        <translation>활성화 맵 (활성화 함수 적용 후)</translation>
    </message>
    <message>
        <source>Colour range: each map its own</source>
        <translation>색 범위: 맵마다</translation>
    </message>
    <message>
        <source>Colour range: shared by all maps</source>
        <translation>색 범위: 모든 맵 공통</translation>
    </message>
    <message>
        <source>Order: by number</source>
        <translation>순서: 번호순</translation>
    </message>
    <message>
        <source>Order: most active first</source>
        <translation>순서: 활성도순</translation>
    </message>
    <message>
        <source>Copy picture</source>
        <translation>그림 복사</translation>
    </message>
    <message>
        <source>Save picture (PNG)...</source>
        <translation>그림으로 저장 (PNG)...</translation>
    </message>
    <message>
        <source>Save numbers (NumPy .npy)...</source>
        <translation>숫자로 저장 (NumPy .npy)...</translation>
    </message>
    <message>
        <source>Copy sums and means as a table</source>
        <translation>합과 평균을 표로 복사</translation>
    </message>
</context>
<context>
    <name>WeightPage</name>
    <message>
        <source>Chosen: {name}</source>
        <translation>선택: {name}</translation>
    </message>
    <message>
        <source>tangent</source>
        <translation>접선</translation>
    </message>
    <message>
        <source>loss L</source>
        <translation>손실 L</translation>
    </message>
    <message>
        <source>scores x W</source>
        <translation>점수 x W</translation>
    </message>
    <message>
        <source>softmax y</source>
        <translation>소프트맥스 y</translation>
    </message>
    <message>
        <source>truth t</source>
        <translation>정답 t</translation>
    </message>
    <message>
        <source>weight</source>
        <translation>가중치</translation>
    </message>
    <message>
        <source>difference, h = 0.0001</source>
        <translation>차분, h = 0.0001</translation>
    </message>
    <message>
        <source>apart</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>What a linear layer, a softmax and the cross-entropy come to</source>
        <translation>완전 연결 층, 소프트맥스, 교차 엔트로피를 합치면 이렇게 됩니다</translation>
    </message>
    <message>
        <source>The product: the exact derivative</source>
        <translation>두 값의 곱: 정확한 미분</translation>
    </message>
    <message>
        <source>(L(W + h) − L(W − h)) / 2h, each weight by itself</source>
        <translation>(L(W + h) − L(W − h)) / 2h, 가중치 하나씩</translation>
    </message>
    <message>
        <source>Loss L</source>
        <translation>손실 L</translation>
    </message>
    <message>
        <source>the truth has {share}</source>
        <translation>정답의 확률 {share}</translation>
    </message>
    <message>
        <source>By a difference</source>
        <translation>수치 미분</translation>
    </message>
    <message>
        <source>Largest difference</source>
        <translation>최대 차이</translation>
    </message>
    <message>
        <source>of all six</source>
        <translation>여섯 개 중</translation>
    </message>
    <message>
        <source>The loss over one weight: drag it</source>
        <translation>가중치 하나에 따른 손실 (끌어 보세요)</translation>
    </message>
    <message>
        <source>The forward pass</source>
        <translation>순전파</translation>
    </message>
    <message>
        <source>∂L/∂W as a matrix: choose a cell</source>
        <translation>∂L/∂W 행렬 (칸을 고르세요)</translation>
    </message>
    <message>
        <source>The gradient of all six weights</source>
        <translation>가중치 여섯 개의 기울기</translation>
    </message>
    <message>
        <source>class</source>
        <translation>클래스</translation>
    </message>
    <message>
        <source>loss −ln y</source>
        <translation>손실 −ln y</translation>
    </message>
</context>
<context>
    <name>WeightsMenu</name>
    <message>
        <source>Random weights</source>
        <translation>무작위 가중치</translation>
    </message>
    <message>
        <source>Draw others (Ctrl+R)</source>
        <translation>새로 뽑기 (Ctrl+R)</translation>
    </message>
    <message>
        <source>No trained runs yet. Train in the training lab and they appear here.</source>
        <translation>학습한 실행이 없습니다. 학습 실험실에서 학습하면 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>Weights of a trained run</source>
        <translation>학습한 실행의 가중치</translation>
    </message>
    <message>
        <source>Random weights · seed {seed}</source>
        <translation>무작위 가중치 · 시드 {seed}</translation>
    </message>
    <message>
        <source>Whose weights the maps are of: random ones, or those of a trained run</source>
        <translation>특징 맵을 계산할 때 쓰는 가중치입니다. 무작위 가중치나 학습한 실행의 가중치를 고릅니다.</translation>
    </message>
    <message>
        <source>Weights from a file</source>
        <translation>파일에서 읽은 가중치</translation>
    </message>
</context>
<context>
    <name>WeightsPanel</name>
    <message>
        <source>Pooling has no weights: it takes the largest or the mean value.</source>
        <translation>풀링에는 가중치가 없습니다. 최댓값이나 평균을 구할 뿐입니다.</translation>
    </message>
    <message>
        <source>There is no run with a convolution yet. Train a network in the training lab first.</source>
        <translation>합성곱 층을 학습한 실행이 아직 없습니다. 학습 실험실에서 먼저 학습시켜 보세요.</translation>
    </message>
    <message>
        <source>Set by hand: {count}</source>
        <translation>직접 바꾼 값: {count}개</translation>
    </message>
    <message>
        <source>Normal: mean 0, deviation as set above</source>
        <translation>정규 분포: 평균 0, 표준편차는 위에서 정한 값</translation>
    </message>
    <message>
        <source>Normal: mean 0, deviation {formula} = {deviation}</source>
        <translation>정규 분포: 평균 0, 표준편차 {formula} = {deviation}</translation>
    </message>
    <message>
        <source>First convolution: {kind} {kernel}, channels {inputs} → {outputs}.</source>
        <translation>첫 합성곱 층: {kind} {kernel}, 채널 {inputs} → {outputs}.</translation>
    </message>
    <message>
        <source>It is cut to this layer&apos;s size, or filled up with zeros.</source>
        <translation>지금 층의 크기에 맞춰 자르거나 0으로 채웁니다.</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Draw anew</source>
        <translation>다시 뽑기</translation>
    </message>
    <message>
        <source>Take the next seed</source>
        <translation>다음 시드로 넘어갑니다.</translation>
    </message>
    <message>
        <source>Browse...</source>
        <translation>찾아보기...</translation>
    </message>
    <message>
        <source>Choose the folder of a run</source>
        <translation>실행의 폴더를 고릅니다.</translation>
    </message>
    <message>
        <source>Random</source>
        <translation>무작위</translation>
    </message>
    <message>
        <source>Library</source>
        <translation>필터 모음</translation>
    </message>
    <message>
        <source>Trained</source>
        <translation>학습한 것</translation>
    </message>
    <message>
        <source>Where the filters come from</source>
        <translation>필터를 얻는 방법</translation>
    </message>
    <message>
        <source>Drawn at random, as before training</source>
        <translation>무작위로 뽑은 값, 학습하기 전의 상태</translation>
    </message>
    <message>
        <source>Filters that are made to see something</source>
        <translation>무언가를 찾도록 만든 필터</translation>
    </message>
    <message>
        <source>The first convolution of a network that you have trained</source>
        <translation>직접 학습시킨 신경망의 첫 합성곱 층</translation>
    </message>
    <message>
        <source>Normal</source>
        <translation>정규 분포</translation>
    </message>
    <message>
        <source>Weight initialisation</source>
        <translation>가중치 초깃값</translation>
    </message>
    <message>
        <source>He et al. 2015: variance 2 / inputs of an output channel, made for ReLU</source>
        <translation>He 외 2015: 분산 2 / 출력 채널 하나가 받는 입력 수, ReLU에 맞춘 초깃값</translation>
    </message>
    <message>
        <source>Glorot and Bengio 2010: variance 2 / (inputs + outputs), made for sigmoid and tanh</source>
        <translation>Glorot, Bengio 2010: 분산 2 / (입력 수 + 출력 수), 시그모이드와 tanh에 맞춘 초깃값</translation>
    </message>
    <message>
        <source>A deviation of your own</source>
        <translation>표준편차를 직접 정합니다.</translation>
    </message>
    <message>
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>The same seed draws the same filters.</source>
        <translation>시드가 같으면 같은 필터가 나옵니다.</translation>
    </message>
    <message>
        <source>Deviation</source>
        <translation>표준편차</translation>
    </message>
    <message>
        <source>How far the weights lie from 0: two thirds of them nearer than this</source>
        <translation>가중치가 0에서 떨어진 정도: 약 3분의 2가 이 값보다 가깝습니다.</translation>
    </message>
    <message>
        <source>Filter</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
    </message>
    <message>
        <source>Reset</source>
        <translation>원래대로</translation>
    </message>
    <message>
        <source>Take back every weight that was set by hand</source>
        <translation>직접 바꾼 가중치를 모두 되돌립니다.</translation>
    </message>
</context>
<context>
    <name>WholeNumbers</name>
    <message>
        <source>{count} validation sequences: MSE {error}; always saying their mean would be {mean}.</source>
        <translation>검증 시퀀스 {count}개: MSE {error}, 늘 평균만 답하면 {mean}.</translation>
    </message>
    <message>
        <source>So far the network knows little more than the mean.</source>
        <translation>아직은 평균만 아는 것과 별로 다르지 않습니다.</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
</context>
<context>
    <name>WhyPage</name>
    <message>
        <source>{size} when one setting changes</source>
        <translation>설정 하나만 바꿀 때의 {size}</translation>
    </message>
    <message>
        <source>Fully connected</source>
        <translation>완전 연결 층</translation>
    </message>
    <message>
        <source>Fully connected, each of the {outputs} output cells has weights of its own, {inputs} each.</source>
        <translation>완전 연결 층이라면 출력 칸 {outputs}개가 저마다 가중치를 {inputs}개씩 가집니다.</translation>
    </message>
    <message>
        <source>Here one filter (weights: {weights}) serves a whole map of {map} cells.</source>
        <translation>이 층에서는 맵({map}) 하나의 모든 칸이 필터 하나(가중치 {weights}개)를 함께 씁니다.</translation>
    </message>
    <message>
        <source>A pooling has no weights: there is nothing to learn.</source>
        <translation>풀링에는 가중치가 없어 학습할 것이 없습니다.</translation>
    </message>
    <message>
        <source>{ratio} times as many</source>
        <translation>{ratio}배</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>왜 이 숫자인가</translation>
    </message>
    <message>
        <source>Fully connected against this layer; memory of the parameters as float32: this layer → fully connected</source>
        <translation>완전 연결 층의 매개변수는 이 층의 몇 배인지, float32로 저장할 때의 메모리: 이 층 → 완전 연결 층</translation>
    </message>
    <message>
        <source>Axis of the staircases</source>
        <translation>그래프의 축</translation>
    </message>
</context>
<context>
    <name>WrittenCells</name>
    <message>
        <source>before the product</source>
        <translation>곱하기 전</translation>
    </message>
    <message>
        <source>after the product</source>
        <translation>곱한 뒤</translation>
    </message>
    <message>
        <source>the old state</source>
        <translation>이전 상태</translation>
    </message>
    <message>
        <source>the candidate</source>
        <translation>후보</translation>
    </message>
    <message>
        <source>yes</source>
        <comment>a torch cell can hold it</comment>
        <translation>가능</translation>
    </message>
    <message>
        <source>no</source>
        <comment>a torch cell cannot hold it</comment>
        <translation>불가능</translation>
    </message>
    <message>
        <source>random around 0</source>
        <translation>0 부근의 난수</translation>
    </message>
    <message>
        <source>as the file says</source>
        <translation>파일에 적힌 값</translation>
    </message>
    <message>
        <source>{start}, {added} added in the code</source>
        <translation>{start} (코드에서 {added})</translation>
    </message>
    <message>
        <source>Framework</source>
        <translation>프레임워크</translation>
    </message>
    <message>
        <source>Package and version</source>
        <translation>패키지와 버전</translation>
    </message>
    <message>
        <source>What the row was measured with.</source>
        <translation>이 행의 수를 확인한 버전입니다.</translation>
    </message>
    <message>
        <source>Gate order</source>
        <translation>게이트 순서</translation>
    </message>
    <message>
        <source>In which order the gates&apos; weights are stacked, in torch&apos;s letters.</source>
        <translation>게이트의 가중치를 쌓는 순서 (torch의 글자로 적음)</translation>
    </message>
    <message>
        <source>Biases a gate</source>
        <translation>게이트마다 편향</translation>
    </message>
    <message>
        <source>Vectors of H numbers for each gate. 1.33: two for one gate of three.</source>
        <translation>게이트마다 길이 H인 편향 벡터의 수. 1.33은 세 게이트 가운데 하나만 두 개라는 뜻입니다.</translation>
    </message>
    <message>
        <source>Forget bias at the start</source>
        <translation>망각 편향의 초깃값</translation>
    </message>
    <message>
        <source>The sum of all biases of the forget gate.</source>
        <translation>망각 게이트에 더해지는 편향을 모두 합한 값</translation>
    </message>
    <message>
        <source>Reset gate</source>
        <translation>리셋 게이트</translation>
    </message>
    <message>
        <source>Before the product: U (r ⊙ h). After it: r ⊙ (U h + b′). The two cells are not the same function.</source>
        <translation>곱하기 전: U (r ⊙ h). 곱한 뒤: r ⊙ (U h + b′). 두 셀은 서로 다른 함수입니다.</translation>
    </message>
    <message>
        <source>z multiplies</source>
        <translation>z를 곱하는 것</translation>
    </message>
    <message>
        <source>The old state, h′ = (1 − z) ⊙ n + z ⊙ h, or the candidate.</source>
        <translation>이전 상태에 곱하거나(h′ = (1 − z) ⊙ n + z ⊙ h) 후보에 곱합니다.</translation>
    </message>
    <message>
        <source>Parameters</source>
        <translation>매개변수</translation>
    </message>
    <message>
        <source>Of one layer in one direction, for the D and H above.</source>
        <translation>한 방향 한 층의 매개변수 수 (위의 D와 H)</translation>
    </message>
    <message>
        <source>torch holds it</source>
        <translation>torch로 옮기기</translation>
    </message>
    <message>
        <source>Whether a torch cell can be given weights that compute exactly the same.</source>
        <translation>torch 셀에 가중치를 넣어 똑같은 계산을 하게 할 수 있는지</translation>
    </message>
    <message>
        <source>Framework and package</source>
        <translation>프레임워크와 패키지</translation>
    </message>
</context>
<context>
    <name>_Numbers</name>
    <message>
        <source>row {row}, column {column}: {value}</source>
        <translation>행 {row}, 열 {column}: {value}</translation>
    </message>
</context>
<context>
    <name>_Rows</name>
    <message>
        <source>of</source>
        <translation>대상</translation>
    </message>
    <message>
        <source>derivatives</source>
        <translation>미분값</translation>
    </message>
    <message>
        <source>worst error</source>
        <translation>최대 오차</translation>
    </message>
    <message>
        <source>where</source>
        <translation>위치</translation>
    </message>
</context>
<context>
    <name>drawings</name>
    <message>
        <source>{guess} (true: {truth})</source>
        <translation>{guess} (정답: {truth})</translation>
    </message>
</context>
<context>
    <name>gates</name>
    <message>
        <source>Input gate i</source>
        <translation>입력 게이트 i</translation>
    </message>
    <message>
        <source>Forget gate f</source>
        <translation>망각 게이트 f</translation>
    </message>
    <message>
        <source>Candidate g</source>
        <translation>후보 g</translation>
    </message>
    <message>
        <source>Output gate o</source>
        <translation>출력 게이트 o</translation>
    </message>
    <message>
        <source>Reset gate r</source>
        <translation>리셋 게이트 r</translation>
    </message>
    <message>
        <source>Update gate z</source>
        <translation>업데이트 게이트 z</translation>
    </message>
    <message>
        <source>Candidate n</source>
        <translation>후보 n</translation>
    </message>
    <message>
        <source>Cell state c</source>
        <translation>셀 상태 c</translation>
    </message>
    <message>
        <source>Hidden state h</source>
        <translation>은닉 상태 h</translation>
    </message>
    <message>
        <source>Channels</source>
        <translation>채널</translation>
    </message>
    <message>
        <source>each cell shows the mean of {steps} steps and {units} units</source>
        <translation>칸마다 시각 {steps}개 × 단위 {units}개의 평균</translation>
    </message>
    <message>
        <source>each column shows the mean of {steps} steps</source>
        <translation>열마다 시각 {steps}개의 평균</translation>
    </message>
    <message>
        <source>each row shows the mean of {units} units</source>
        <translation>행마다 단위 {units}개의 평균</translation>
    </message>
    <message>
        <source>Input</source>
        <translation>입력</translation>
    </message>
    <message>
        <source>Truth</source>
        <translation>정답</translation>
    </message>
    <message>
        <source>Prediction</source>
        <translation>예측</translation>
    </message>
    <message>
        <source>True {truth}</source>
        <translation>정답 {truth}</translation>
    </message>
    <message>
        <source>Predicted {guess}</source>
        <translation>예측 {guess}</translation>
    </message>
    <message>
        <source>Input · prediction</source>
        <translation>입력 · 예측</translation>
    </message>
</context>
</TS>
