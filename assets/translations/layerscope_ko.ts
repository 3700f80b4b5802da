<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ko_KR">
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
        <source>input × weight, {count} products</source>
        <translation>입력 × 가중치, 곱 {count}개</translation>
    </message>
    <message>
        <source>rounding {value}</source>
        <translation>반올림 {value}</translation>
    </message>
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
        <translation>torch의 값: {value}</translation>
    </message>
    <message>
        <source>torch&apos;s float32 less the exact sum: {difference}
rounding of its steps can make up to: {bound}</source>
        <translation>torch의 float32 − 정확한 합: {difference}
계산 단계마다 반올림해서 생길 수 있는 차이: {bound}까지</translation>
    </message>
    <message>
        <source>All terms...</source>
        <translation>모든 항...</translation>
    </message>
    <message>
        <source>Every product with all its digits, to read and to copy</source>
        <translation>모든 곱을 모든 자리까지 보고 복사합니다.</translation>
    </message>
</context>
<context>
    <name>ConvolutionLab</name>
    <message>
        <source>There is not enough memory for these maps. Fewer output channels need less.</source>
        <translation>특징 맵을 담을 메모리가 모자랍니다. 출력 채널을 줄여 보세요.</translation>
    </message>
    <message>
        <source>Map {number}</source>
        <translation>맵 {number}</translation>
    </message>
    <message>
        <source>Map {number} ({row}, {column}) = {value}</source>
        <translation>맵 {number} ({row}, {column}) = {value}</translation>
    </message>
    <message>
        <source>Output shape (C, H, W)</source>
        <translation>출력 형상 (C, H, W)</translation>
    </message>
    <message>
        <source>Measured time</source>
        <translation>측정한 시간</translation>
    </message>
    <message>
        <source>Feature maps: {count}</source>
        <translation>특징 맵 {count}개</translation>
    </message>
    <message>
        <source>1 thread</source>
        <translation>스레드 1개</translation>
    </message>
    <message>
        <source>Per map</source>
        <translation>맵마다</translation>
    </message>
    <message>
        <source>Shared</source>
        <translation>모두 함께</translation>
    </message>
    <message>
        <source>Colour range</source>
        <translation>색 범위</translation>
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
        <source>What is shown</source>
        <translation>보이는 것</translation>
    </message>
    <message>
        <source>Colours from each map&apos;s own lowest to highest value, or from the lowest to the highest of all maps</source>
        <translation>맵마다 자기 최솟값과 최댓값에 색을 맞추거나, 모든 맵의 최솟값과 최댓값에 맞춥니다.</translation>
    </message>
    <message>
        <source>viridis: the lowest value is dark violet, the highest yellow</source>
        <translation>viridis: 가장 작은 값은 짙은 보라, 가장 큰 값은 노랑입니다.</translation>
    </message>
    <message>
        <source>Feature maps</source>
        <translation>특징 맵</translation>
    </message>
    <message>
        <source>The maps appear as soon as torch is loaded.</source>
        <translation>torch를 불러오면 특징 맵이 나타납니다.</translation>
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
        <source>Draw new filters</source>
        <translation>필터 다시 뽑기</translation>
    </message>
</context>
<context>
    <name>CurveCard</name>
    <message>
        <source>Iteration {step}</source>
        <translation>반복 {step}</translation>
    </message>
    <message>
        <source>Export the plot</source>
        <translation>그래프 내보내기</translation>
    </message>
    <message>
        <source>{path} could not be written: {reason}.</source>
        <translation>{path}: 쓸 수 없습니다 ({reason}).</translation>
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
        <source>Running mean of the training curve. What was measured stays visible behind it, faintly.</source>
        <translation>훈련 곡선의 이동 평균입니다. 잰 값은 뒤에 흐리게 남습니다.</translation>
    </message>
    <message>
        <source>Follow</source>
        <translation>따라가기</translation>
    </message>
    <message>
        <source>Keep the latest iteration in sight. Wheel: zoom, drag: move, double click: the whole run</source>
        <translation>가장 최근 반복이 늘 보입니다. 휠: 확대, 끌기: 이동, 두 번 누르기: 전체 보기.</translation>
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
        <source>Off</source>
        <translation>끔</translation>
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
    <name>ExperimentPanel</name>
    <message>
        <source>{name} (edited)</source>
        <translation>{name} (고침)</translation>
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
        <source>A run is under way: the learning rate changes at once, everything else with the next run.</source>
        <translation>실행 중입니다. 학습률은 바로 바뀌고 나머지는 다음 실행부터 적용됩니다.</translation>
    </message>
</context>
<context>
    <name>Formulas</name>
    <message>
        <source>The filter steps over cells: {rows} rows and {columns} columns are never read.</source>
        <translation>필터가 건너뛰는 칸이 있습니다. 읽지 않은 칸: 행 {rows}개, 열 {columns}개.</translation>
    </message>
    <message>
        <source>The division comes out even, and every cell is read.</source>
        <translation>나누어떨어지고, 모든 칸을 읽습니다.</translation>
    </message>
    <message>
        <source>Courses: {division}, does not fit. torch rounds down: {outputs}. Every cell is read.</source>
        <translation>강의의 식: {division}, 나누어떨어지지 않습니다. torch는 내림합니다: {outputs}. 모든 칸을 읽습니다.</translation>
    </message>
    <message>
        <source>Courses: {division}, does not fit. torch rounds down: {outputs}. Never read: {rows} rows, {columns} columns.</source>
        <translation>강의의 식: {division}, 나누어떨어지지 않습니다. torch는 내림합니다: {outputs}. 읽지 않은 칸: 행 {rows}개, 열 {columns}개.</translation>
    </message>
    <message>
        <source>Why: the formulas with these numbers</source>
        <translation>왜 이 숫자인가: 지금 값을 넣은 식</translation>
    </message>
</context>
<context>
    <name>LayerPanel</name>
    <message>
        <source>Top {top} · bottom {bottom} · left {left} · right {right}</source>
        <translation>위 {top} · 아래 {bottom} · 왼쪽 {left} · 오른쪽 {right}</translation>
    </message>
    <message>
        <source>The same size can only be kept with stride 1.</source>
        <translation>같은 크기는 스트라이드가 1일 때만 됩니다.</translation>
    </message>
    <message>
        <source>A grey picture: one channel, one group.</source>
        <translation>회색조 그림은 채널이 하나라서 그룹도 하나입니다.</translation>
    </message>
    <message>
        <source>{nearest} output channels allow {inputs} groups.</source>
        <translation>출력 채널이 {nearest}개면 그룹 {inputs}개도 됩니다.</translation>
    </message>
    <message>
        <source>Depthwise: each filter sees one channel.</source>
        <translation>깊이별 합성곱: 필터마다 채널 하나만 봅니다.</translation>
    </message>
    <message>
        <source>Each filter sees every channel.</source>
        <translation>필터마다 모든 채널을 봅니다.</translation>
    </message>
    <message>
        <source>Cells</source>
        <translation>칸 수</translation>
    </message>
    <message>
        <source>Filled with</source>
        <translation>채우는 값</translation>
    </message>
    <message>
        <source>Square filter</source>
        <translation>정사각 필터</translation>
    </message>
    <message>
        <source>Height and width change together</source>
        <translation>높이와 너비를 함께 바꿉니다.</translation>
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
        <source>Seed</source>
        <translation>시드</translation>
    </message>
    <message>
        <source>The same seed draws the same filters.</source>
        <translation>시드가 같으면 필터도 같습니다.</translation>
    </message>
    <message>
        <source>Draw anew</source>
        <translation>다시 뽑기</translation>
    </message>
    <message>
        <source>Random weights as He et al. propose: normal, variance 2 / inputs of a filter</source>
        <translation>He 초깃값입니다: 분산이 2 / (필터 하나의 입력 수)인 정규분포에서 뽑습니다.</translation>
    </message>
    <message>
        <source>Filters</source>
        <translation>필터</translation>
    </message>
    <message>
        <source>Random (He)</source>
        <translation>무작위 (He)</translation>
    </message>
    <message>
        <source>Course example</source>
        <translation>강의 예제</translation>
    </message>
    <message>
        <source>The course example is the 3×3 filter 1 2 3, −4 7 4, 2 −5 1 for every channel.</source>
        <translation>강의 예제는 모든 채널에 3×3 필터 1 2 3, −4 7 4, 2 −5 1을 씁니다.</translation>
    </message>
    <message>
        <source>5×5 example</source>
        <translation>5×5 예제</translation>
    </message>
    <message>
        <source>The 5×5 picture and the 3×3 filter that courses work by hand, padding 1, stride 1: every number is whole.</source>
        <translation>강의에서 손으로 계산하는 5×5 그림과 3×3 필터입니다. 패딩 1, 스트라이드 1이고 모든 수가 정수입니다.</translation>
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
        <source>Open an experiment</source>
        <translation>실험 열기</translation>
    </message>
    <message>
        <source>Experiments (*.toml)</source>
        <translation>실험 (*.toml)</translation>
    </message>
    <message>
        <source>This experiment cannot be opened</source>
        <translation>이 실험을 열 수 없습니다</translation>
    </message>
    <message>
        <source>Save the experiment</source>
        <translation>실험 저장</translation>
    </message>
    <message>
        <source>This experiment cannot be saved</source>
        <translation>이 실험을 저장할 수 없습니다</translation>
    </message>
    <message>
        <source>Saved: {file}</source>
        <translation>저장했습니다: {file}</translation>
    </message>
    <message>
        <source>A playground for learning how convolutional and recurrent networks work.</source>
        <translation>합성곱 신경망과 순환 신경망의 원리를 배우는 놀이터입니다.</translation>
    </message>
    <message>
        <source>Convolution</source>
        <translation>합성곱</translation>
    </message>
    <message>
        <source>Training</source>
        <translation>학습</translation>
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
        <source>Open an experiment...</source>
        <translation>실험 열기...</translation>
    </message>
    <message>
        <source>Save the experiment...</source>
        <translation>실험 저장...</translation>
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
        <translation>기록 파일 보기</translation>
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
    <name>Notice</name>
    <message>
        <source>Space: play or pause · →: one step · Backspace: from the beginning</source>
        <translation>Space: 시작 또는 일시정지 · →: 한 단계 · Backspace: 처음부터</translation>
    </message>
    <message>
        <source>Open the folder</source>
        <translation>폴더 열기</translation>
    </message>
</context>
<context>
    <name>NumberGrid</name>
    <message>
        <source>padding</source>
        <translation>패딩</translation>
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
        <source>Open...</source>
        <translation>열기...</translation>
    </message>
    <message>
        <source>Any picture of up to 64 megapixels. Dropping it anywhere here works too.</source>
        <translation>64메가픽셀까지 열 수 있습니다. 이 화면에 끌어다 놓아도 됩니다.</translation>
    </message>
    <message>
        <source>Paste</source>
        <translation>붙여넣기</translation>
    </message>
    <message>
        <source>A picture or a picture&apos;s file from the clipboard (Ctrl+V)</source>
        <translation>클립보드의 그림이나 그림 파일을 붙여넣습니다 (Ctrl+V).</translation>
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
</context>
<context>
    <name>PredictionCard</name>
    <message>
        <source>{right} of {count} right</source>
        <translation>{count}개 중 {right}개 맞음</translation>
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
        <source>Difference</source>
        <translation>차이</translation>
    </message>
    <message>
        <source>Time step t</source>
        <translation>시각 t</translation>
    </message>
    <message>
        <source>Prediction − truth</source>
        <translation>예측 − 정답</translation>
    </message>
    <message>
        <source>Once a run has begun, the model&apos;s answers to some validation samples appear here.</source>
        <translation>실행을 시작하면 검증 표본 몇 개에 대한 모델의 답이 여기에 나타납니다.</translation>
    </message>
    <message>
        <source>The model&apos;s answers are no longer finite numbers.</source>
        <translation>모델의 답이 더 이상 유한한 수가 아닙니다.</translation>
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
        <source>Completed in {seconds}</source>
        <translation>{seconds} 만에 끝남</translation>
    </message>
    <message>
        <source>Stopped after {seconds}</source>
        <translation>{seconds} 뒤 정지</translation>
    </message>
    <message>
        <source>Diverged after {seconds}</source>
        <translation>{seconds} 뒤 발산</translation>
    </message>
    <message>
        <source>Failed after {seconds}</source>
        <translation>{seconds} 뒤 실패</translation>
    </message>
    <message>
        <source>Saving ...</source>
        <translation>저장하는 중…</translation>
    </message>
    <message>
        <source>Paused after {seconds}</source>
        <translation>{seconds} 뒤 일시정지</translation>
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
        <translation>실행을 끝내고 지금까지 배운 것을 남깁니다.</translation>
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
        <source>Play or pause (Space)</source>
        <translation>시작 또는 일시정지 (Space)</translation>
    </message>
    <message>
        <source>Progress of the run</source>
        <translation>실행 진행률</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>실행</translation>
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
        <translation>칸을 가리키면 그 칸을 읽는 출력 칸이 모두 켜집니다. 끌거나 휠을 돌리면 돋보기가 움직입니다.</translation>
    </message>
    <message>
        <source>Point at a weight to see every input cell that it touches.</source>
        <translation>가중치를 가리키면 그 가중치가 닿는 입력 칸이 모두 켜집니다.</translation>
    </message>
    <message>
        <source>Point at a cell to see the window that it is computed from. Click to pin, Esc to free.</source>
        <translation>칸을 가리키면 그 칸을 계산하는 창이 켜집니다. 클릭하면 고정하고, Esc를 누르면 풉니다.</translation>
    </message>
    <message>
        <source>Cross-correlation: the filter is laid on, not flipped.</source>
        <translation>교차상관: 필터를 뒤집지 않고 그대로 겹칩니다.</translation>
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
        <source>Weight ({row}, {column}){value}: lies on {count} input cells here</source>
        <translation>가중치 ({row}, {column}){value}: 보이는 입력 {count}칸에 닿습니다</translation>
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
        <source>One cell</source>
        <translation>한 칸의 계산</translation>
    </message>
    <message>
        <source>Move the window over the input, cell by cell (Space)</source>
        <translation>창을 입력 위에서 한 칸씩 움직입니다. (스페이스)</translation>
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
        <translation>몇 번째 출력 칸인지, 행 순서로</translation>
    </message>
    <message>
        <source>Cells a second. Click for the next speed.</source>
        <translation>1초에 지나는 칸의 수. 클릭하면 다음 속도로 바뀝니다.</translation>
    </message>
    <message>
        <source>Speed</source>
        <translation>속도</translation>
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
    <name>TermsDialog</name>
    <message>
        <source>Sum over channel {name}</source>
        <translation>채널 {name}의 합</translation>
    </message>
    <message>
        <source>Bias</source>
        <translation>편향</translation>
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
        <translation>입력과 가중치는 float32입니다. 그 수와 곱, 합은 소수점 아래가 끝이 있어서 모든 자리를 정확하게 적을 수 있습니다.</translation>
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
    <name>TrainingLab</name>
    <message>
        <source>Training</source>
        <translation>학습</translation>
    </message>
    <message>
        <source>The run could not be saved: {reason}.</source>
        <translation>실행을 저장할 수 없습니다: {reason}.</translation>
    </message>
    <message>
        <source>Completed. Validation loss {loss}</source>
        <translation>훈련이 끝났습니다. 검증 손실 {loss}</translation>
    </message>
    <message>
        <source>Stopped. What it has learned is kept.</source>
        <translation>정지했습니다. 지금까지 배운 것은 저장되어 있습니다.</translation>
    </message>
    <message>
        <source>Completed. Validation loss {loss}, accuracy {accuracy}</source>
        <translation>훈련이 끝났습니다. 검증 손실 {loss}, 정확도 {accuracy}</translation>
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
        <source>Iteration</source>
        <translation>반복</translation>
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
</context>
</TS>
