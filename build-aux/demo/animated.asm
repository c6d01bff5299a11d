; demo-animated: 800x600 in true colour, a lantern swinging over colour bars, a clock, and a line that
; shows what is typed. Everything is drawn into a second buffer and copied, so no frame is seen half done.

%include "boot.inc"

WIDTH   equ 800
HEIGHT  equ 600
PITCH   equ WIDTH*4
BACK    equ 0x200000                    ; the second buffer lies at 2 MiB
RATE    equ 1193182/30                  ; the timer's divisor: thirty ticks a second
BOX     equ 112                         ; the lantern's side in pixels
BARS    equ 400                         ; colour bars from this row down
BARS_END equ 470
TYPED_X equ 40
TYPED_Y equ 520
TYPED_MAX equ 44                        ; characters of 16 pixels that fit beside "> "

main:   mov ax, 0x1130                  ; the ROM font, 8x16
        mov bh, 6
        int 0x10
        mov [font], bp
        mov [font+2], es
        xor ax, ax
        mov es, ax

        mov ax, 0x4f01                  ; mode 143h: 800x600x32 of the Bochs VBE
        mov cx, 0x4143
        mov di, mode_info
        int 0x10
        mov eax, [mode_info+40]
        mov [screen], eax
        movzx eax, word [mode_info+16]
        mov [pitch], eax
        mov ax, 0x4f02
        mov bx, 0x4143                  ; with the linear frame buffer
        int 0x10

        mov al, 0x36
        out 0x43, al
        mov ax, RATE
        out 0x40, al
        mov al, ah
        out 0x40, al

        mov word [ticks], 0
        mov byte [typed_text+TYPED_MAX], 0
        mov si, hello
        call serial_print
        call flat
        call draw_background
        mov dword [x0], 0
        mov dword [y0], 0
        mov dword [x1], WIDTH
        mov dword [y1], HEIGHT
        call copy

frame:  mov ax, [0x46c]                 ; the BIOS counts ticks here
.wait:  hlt
        cmp ax, [0x46c]
        je .wait
        call flat
        call power_check
        call keys
        call seconds
        call move
        jmp frame

; ---- typing -------------------------------------------------------------------------------------

keys:   mov ah, 1
        int 0x16
        jz .serial
        xor ah, ah
        int 0x16
        test al, al
        jz keys                         ; a key without a character
        cmp al, 0xe0
        je keys
        call typed
        jmp keys
.serial:
        call serial_get
        jz .end
        call typed
        jmp .serial
.end:   ret

; Takes the character AL: shows it, and echoes it on the serial line.
typed:  cmp al, 13
        je .clear
        cmp al, 8
        je .back
        cmp al, 127
        je .back
        cmp al, 32
        jb .end
        call serial_put
        mov bx, [typed_n]
        cmp bx, TYPED_MAX
        jb .room
        push ax
        call typed_reset
        pop ax
        mov bx, [typed_n]
.room:  mov [typed_text+bx], al
        inc word [typed_n]
        jmp typed_draw
.back:  cmp word [typed_n], 0
        je .end
        mov al, 8
        call serial_put
        mov al, ' '
        call serial_put
        mov al, 8
        call serial_put
        dec word [typed_n]
        mov bx, [typed_n]
        mov byte [typed_text+bx], ' '
        jmp typed_draw
.clear: mov al, 13
        call serial_put
        mov al, 10
        call serial_put
        call typed_reset
        jmp typed_draw
.end:   ret

typed_reset:
        mov cx, TYPED_MAX
        mov di, typed_text
        mov al, ' '
        rep stosb
        mov word [typed_n], 0
        ret

typed_draw:
        mov dword [x0], TYPED_X-8
        mov dword [y0], TYPED_Y-8
        mov dword [x1], WIDTH-TYPED_X+8
        mov dword [y1], TYPED_Y+40
        call fill_background
        mov dword [ink], 0xffffff
        mov dword [pen_x], TYPED_X
        mov dword [pen_y], TYPED_Y
        mov byte [scale], 2
        mov si, prompt
        call print
        mov si, typed_text
        call print
        ; the caret, under the next character
        movzx eax, word [typed_n]
        shl eax, 4
        add eax, TYPED_X+32
        mov [x2], eax
        add eax, 14
        mov [x3], eax
        mov dword [y2], TYPED_Y+33
        mov dword [y3], TYPED_Y+36
        mov dword [ink], 0xf6d32d
        call fill
        jmp copy

; ---- the clock ----------------------------------------------------------------------------------

seconds:
        inc word [ticks]
        cmp word [ticks], 30
        jb .end
        mov word [ticks], 0
        ; count up in the text itself: H:MM:SS
        mov bx, clock_text+clock_digits+6
        mov al, '9'
        call .digit
        jnc .show
        mov al, '5'
        call .digit
        jnc .show
        dec bx
        mov al, '9'
        call .digit
        jnc .show
        mov al, '5'
        call .digit
        jnc .show
        dec bx
        mov al, '9'
        call .digit
.show:  call clock_draw
        jmp copy
.end:   ret
.digit: cmp [bx], al                    ; one digit up; carry when it wrapped
        je .wrap
        inc byte [bx]
        dec bx
        clc
        ret
.wrap:  mov byte [bx], '0'
        dec bx
        stc
        ret

clock_draw:
        mov dword [x0], 40
        mov dword [y0], 96
        mov dword [x1], 400
        mov dword [y1], 128
        call fill_background
        mov dword [ink], 0xc0bfbc
        mov dword [pen_x], 40
        mov dword [pen_y], 100
        mov byte [scale], 1
        mov si, clock_text
        jmp print

; ---- the lantern --------------------------------------------------------------------------------

; One step; what lies under the old and the new place is drawn anew and copied in one go.
move:   mov eax, [box_x]
        mov [old_x], eax
        mov eax, [box_y]
        mov [old_y], eax
        mov eax, [box_x]
        add eax, [step_x]
        cmp eax, 40
        jl .turn_x
        cmp eax, WIDTH-40-BOX
        jle .keep_x
.turn_x:
        neg dword [step_x]
        mov eax, [box_x]
.keep_x:
        mov [box_x], eax
        mov eax, [box_y]
        add eax, [step_y]
        cmp eax, 136
        jl .turn_y
        cmp eax, BARS-12-BOX
        jle .keep_y
.turn_y:
        neg dword [step_y]
        mov eax, [box_y]
.keep_y:
        mov [box_y], eax

        mov eax, [old_x]                ; the rectangle around both places
        mov ebx, [box_x]
        cmp eax, ebx
        jle .left
        xchg eax, ebx
.left:  mov [x0], eax
        add ebx, BOX
        mov [x1], ebx
        mov eax, [old_y]
        mov ebx, [box_y]
        cmp eax, ebx
        jle .top
        xchg eax, ebx
.top:   mov [y0], eax
        add ebx, BOX
        mov [y1], ebx
        call fill_background
        call draw_box
        jmp copy

; A disc that shines from its middle: brightness falls with the square of the distance.
draw_box:
        mov dword [row], 0
.row:   mov eax, [box_y]
        add eax, [row]
        imul eax, PITCH
        mov edi, [box_x]
        lea edi, [eax+edi*4+BACK]
        mov dword [column], 0
.column:
        mov eax, [row]
        sub eax, BOX/2
        imul eax, eax
        mov ebx, [column]
        sub ebx, BOX/2
        imul ebx, ebx
        add eax, ebx                    ; distance squared, 0 to 2 * (BOX/2)^2
        cmp eax, (BOX/2-4)*(BOX/2-4)
        ja .next
        shr eax, 4                      ; 0 to 169
        mov ebx, 255
        sub ebx, eax                    ; red
        mov ecx, 230
        sub ecx, eax
        mov edx, eax
        shr edx, 1
        sub ecx, edx                    ; green: 230 down to -23
        jns .green
        xor ecx, ecx
.green: mov edx, 150
        sub edx, eax                    ; blue
        jns .blue
        xor edx, edx
.blue:  shl ebx, 16
        shl ecx, 8
        or ebx, ecx
        or ebx, edx
        mov [fs:edi], ebx
.next:  add edi, 4
        inc dword [column]
        cmp dword [column], BOX
        jb .column
        inc dword [row]
        cmp dword [row], BOX
        jb .row
        ret

; ---- the still picture --------------------------------------------------------------------------

draw_background:
        mov dword [x0], 0
        mov dword [y0], 0
        mov dword [x1], WIDTH
        mov dword [y1], HEIGHT
        call fill_background
        mov dword [ink], 0xffffff
        mov dword [pen_x], 40
        mov dword [pen_y], 48
        mov byte [scale], 2
        mov si, title
        call print
        call clock_draw
        call draw_bars
        mov dword [ink], 0x99c1f1
        mov dword [pen_x], TYPED_X
        mov dword [pen_y], TYPED_Y-30
        mov byte [scale], 1
        mov si, hint
        call print
        call typed_reset
        jmp typed_draw

; Eight bars, each a smooth ramp from the full colour downwards.
draw_bars:
        mov dword [row], BARS
.row:   mov edi, [row]
        imul edi, PITCH
        add edi, BACK+40*4
        mov dword [column], 0
.column:
        mov eax, [column]
        xor edx, edx
        mov ecx, (WIDTH-80)/8
        div ecx                         ; which bar, 0 to 7
        mov ebx, [bars+eax*4]
        mov ecx, BARS_END
        sub ecx, [row]                  ; 70 down to 1
        imul ecx, 255/(BARS_END-BARS)
        call shade
        mov [fs:edi], eax
        add edi, 4
        inc dword [column]
        cmp dword [column], WIDTH-80
        jb .column
        inc dword [row]
        cmp dword [row], BARS_END
        jb .row
        ret

; EAX = the colour EBX at brightness ECX (0 to 255).
shade:  push edx
        xor eax, eax
        mov esi, 3
.channel:
        rol ebx, 8
        shl eax, 8
        cmp esi, 3
        jne .take
        rol ebx, 8                      ; skip the unused byte
.take:  movzx edx, bl
        imul edx, ecx
        shr edx, 8
        or al, dl
        dec esi
        jnz .channel
        pop edx
        ret

; The background within x0,y0 to x1,y1 of the second buffer: night blue at the top, plum at the bottom.
fill_background:
        mov eax, [y0]
        mov [row], eax
.row:   mov eax, [row]
        mov ebx, eax
        shr ebx, 3
        add ebx, 0x12                   ; red 18 to 92
        mov ecx, eax
        shr ecx, 5
        add ecx, 0x14                   ; green 20 to 38
        mov edx, eax
        shr edx, 4
        add edx, 0x3c                   ; blue 60 to 97
        shl ebx, 16
        shl ecx, 8
        or ebx, ecx
        or ebx, edx
        mov edi, [row]
        imul edi, PITCH
        mov eax, [x0]
        lea edi, [edi+eax*4+BACK]
        mov ecx, [x1]
        sub ecx, [x0]
.pixel: mov [fs:edi], ebx
        add edi, 4
        dec ecx
        jnz .pixel
        inc dword [row]
        mov eax, [row]
        cmp eax, [y1]
        jb .row
        ret

; The colour `ink` within x2,y2 to x3,y3 of the second buffer.
fill:   mov eax, [y2]
        mov [row], eax
.row:   mov edi, [row]
        imul edi, PITCH
        mov eax, [x2]
        lea edi, [edi+eax*4+BACK]
        mov ecx, [x3]
        sub ecx, [x2]
        mov ebx, [ink]
.pixel: mov [fs:edi], ebx
        add edi, 4
        dec ecx
        jnz .pixel
        inc dword [row]
        mov eax, [row]
        cmp eax, [y3]
        jb .row
        ret

; Prints the string at SI (ended by 0) at pen_x, pen_y in `ink`, each dot `scale` pixels wide and high.
print:  lodsb
        test al, al
        jz .end
        push si
        call glyph
        pop si
        movzx eax, byte [scale]
        shl eax, 3
        add [pen_x], eax
        jmp print
.end:   ret

glyph:  movzx bx, al
        shl bx, 4
        les di, [font]
        add di, bx
        mov dword [row], 0
.row:   mov al, [es:di]
        inc di
        mov [bits_left], al
        mov dword [column], 0
.column:
        shl byte [bits_left], 1
        jnc .next
        movzx ecx, byte [scale]
        mov eax, [column]
        imul eax, ecx
        add eax, [pen_x]
        mov [dot_x], eax
        mov ebx, [row]
        imul ebx, ecx
        add ebx, [pen_y]
        mov edx, ecx                    ; lines of this dot
.line:  mov eax, ebx
        imul eax, PITCH
        mov ebp, [dot_x]
        lea eax, [eax+ebp*4+BACK]
        push ecx
.dot:   mov ebp, [ink]
        mov [fs:eax], ebp
        add eax, 4
        dec ecx
        jnz .dot
        pop ecx
        inc ebx
        dec edx
        jnz .line
.next:  inc dword [column]
        cmp dword [column], 8
        jb .column
        inc dword [row]
        cmp dword [row], 16
        jb .row
        xor ax, ax
        mov es, ax
        ret

; Copies x0,y0 to x1,y1 of the second buffer to the screen.
copy:   mov eax, [y0]
        mov [row], eax
.row:   mov esi, [row]
        imul esi, PITCH
        mov eax, [x0]
        lea esi, [esi+eax*4+BACK]
        mov edi, [row]
        imul edi, [pitch]
        lea edi, [edi+eax*4]
        add edi, [screen]
        mov ecx, [x1]
        sub ecx, eax
.pixel: mov eax, [fs:esi]
        mov [fs:edi], eax
        add esi, 4
        add edi, 4
        dec ecx
        jnz .pixel
        inc dword [row]
        mov eax, [row]
        cmp eax, [y1]
        jb .row
        ret

; Lets FS reach all 4 GiB ("unreal mode"). Once a frame, because the BIOS may have set it back.
flat:   cli
        lgdt [gdt_pointer]
        mov eax, cr0
        or al, 1
        mov cr0, eax
        jmp short .on
.on:    mov bx, 8
        mov fs, bx
        and al, 0xfe
        mov cr0, eax
        jmp short .off
.off:   xor bx, bx
        mov fs, bx
        sti
        ret

        align 8, db 0
gdt     dq 0
        dw 0xffff, 0
        db 0, 0x92, 0xcf, 0             ; data, base 0, limit 4 GiB
gdt_pointer dw 15
        dd gdt

bars    dd 0xc0bfbc, 0xf6d32d, 0x33d1c9, 0x33d17a, 0xc061cb, 0xe01b24, 0x3584e4, 0xff7800
step_x  dd 5
step_y  dd 3
box_x   dd 344
box_y   dd 190
title   db 'Innkeeper demonstration guest', 0
hint    db 'This is a real machine. Click here and type; Enter clears the line.', 0
prompt  db '> ', 0
clock_text db 'Running for '
clock_digits equ $-clock_text
        db '0:00:00', 0
hello   db 'demo-animated is up. What you type here appears on its screen.', 13, 10, '> ', 0

        times (SECTORS+1)*512-($-$$) db 0

        absolute 0x500+0x100            ; free memory below the boot sector
mode_info resb 256
font    resd 1
screen  resd 1
pitch   resd 1
ink     resd 1
pen_x   resd 1
pen_y   resd 1
dot_x   resd 1
row     resd 1
column  resd 1
x0      resd 1
y0      resd 1
x1      resd 1
y1      resd 1
x2      resd 1
y2      resd 1
x3      resd 1
y3      resd 1
old_x   resd 1
old_y   resd 1
scale   resb 1
bits_left resb 1
ticks   resw 1
typed_n resw 1
typed_text resb TYPED_MAX+1
